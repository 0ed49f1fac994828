package dev.athanor.tokenizers.sentencepiece;

import dev.athanor.tokenizers.TokenizerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a SentencePiece .model file says (sentencepiece_model.proto): pieces with scores, and how to normalize.
 *
 * @param type the algorithm
 * @param pieces by id
 * @param charsMap the compiled normalization rules; empty for none
 * @param addDummyPrefix whether a blank is put in front of every text
 * @param removeExtraWhitespaces whether blanks in a row become one, and those at the ends go
 * @param escapeWhitespaces whether blanks become U+2581
 * @param treatWhitespaceAsSuffix whether the dummy blank goes to the end instead
 * @param byteFallback whether unknown characters become pieces of their bytes
 * @param unkSurface what the unknown piece is decoded to
 */
public record SentencePieceModel(
        Type type,
        List<Piece> pieces,
        byte[] charsMap,
        boolean addDummyPrefix,
        boolean removeExtraWhitespaces,
        boolean escapeWhitespaces,
        boolean treatWhitespaceAsSuffix,
        boolean byteFallback,
        String unkSurface) {

    /** The algorithms, numbered as in the file from 1. */
    public enum Type {
        UNIGRAM,
        BPE,
        WORD,
        CHAR
    }

    /** The kinds of pieces, numbered as in the file from 1. */
    public enum Kind {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    public record Piece(String text, float score, Kind kind) {}

    private static final String DEFAULT_UNK_SURFACE = " \u2047 ";

    public SentencePieceModel {
        pieces = List.copyOf(pieces);
        charsMap = charsMap.clone();
        if (pieces.stream().noneMatch(p -> p.kind() == Kind.UNKNOWN)) {
            throw new IllegalArgumentException("SentencePiece model: no piece of kind UNKNOWN");
        }
    }

    /** The id of the unknown piece. */
    public int unkId() {
        int id = 0;
        while (pieces.get(id).kind() != Kind.UNKNOWN) {
            id++;
        }
        return id;
    }

    public static SentencePieceModel read(Path file) throws IOException {
        return parse(Files.readAllBytes(file));
    }

    /** @throws IllegalArgumentException if the bytes are no SentencePiece model */
    public static SentencePieceModel parse(byte[] bytes) {
        Parser parser = new Parser();
        parser.model(new ProtoReader(bytes));
        return parser.result();
    }

    /**
     * The model as a tokenizer.json has it. It gives the ids that SentencePiece gives, but for these: where two cuts are equally good
     * up to rounding, where a piece can be made of two pairs of others, and in texts that hold the name of a control piece, which
     * becomes that piece.
     *
     * @throws IllegalArgumentException if an option has no counterpart there; the message names it
     */
    public TokenizerSpec toTokenizer() {
        return ToTokenizer.convert(this);
    }

    /**
     * A tokenizer of SentencePiece's kind as a model: Unigram, or BPE over characters, with blanks as U+2581.
     *
     * @throws IllegalArgumentException if a part has no counterpart in a model file; the message names it
     */
    public static SentencePieceModel of(TokenizerSpec spec) {
        return FromTokenizer.convert(spec);
    }

    public void write(Path file) throws IOException {
        Files.write(file, toBytes());
    }

    /** The file's bytes; of the training settings only those that concern encoding are kept. */
    public byte[] toBytes() {
        ProtoWriter model = new ProtoWriter();
        for (Piece piece : pieces) {
            ProtoWriter p = new ProtoWriter().string(1, piece.text()).float32(2, piece.score());
            if (piece.kind() != Kind.NORMAL) {
                p.varint(3, piece.kind().ordinal() + 1);
            }
            model.bytes(1, p.toBytes());
        }
        ProtoWriter trainer = new ProtoWriter()
                .varint(3, type.ordinal() + 1)
                .varint(4, pieces.size())
                .bool(24, treatWhitespaceAsSuffix)
                .bool(35, byteFallback)
                .varint(40, unkId())
                .string(44, unkSurface);
        ProtoWriter normalizer = new ProtoWriter()
                .bytes(2, charsMap)
                .bool(3, addDummyPrefix)
                .bool(4, removeExtraWhitespaces)
                .bool(5, escapeWhitespaces);
        return model.bytes(2, trainer.toBytes()).bytes(3, normalizer.toBytes()).toBytes();
    }

    /** Every way to cut a piece in two is looked at, so that long ones cost the square of their length. */
    private static final int LONGEST_PIECE = 1024;

    /** Takes the fields as they come; what is not there has the format's default. */
    private static final class Parser {

        private final List<Piece> pieces = new ArrayList<>();
        private Type type = Type.UNIGRAM;
        private byte[] charsMap = new byte[0];
        private boolean addDummyPrefix = true;
        private boolean removeExtraWhitespaces = true;
        private boolean escapeWhitespaces = true;
        private boolean treatWhitespaceAsSuffix;
        private boolean byteFallback;
        private String unkSurface = DEFAULT_UNK_SURFACE;

        SentencePieceModel result() {
            return new SentencePieceModel(
                    type,
                    pieces,
                    charsMap,
                    addDummyPrefix,
                    removeExtraWhitespaces,
                    escapeWhitespaces,
                    treatWhitespaceAsSuffix,
                    byteFallback,
                    unkSurface);
        }

        void model(ProtoReader in) {
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> pieces.add(piece(new ProtoReader(in.bytes())));
                    case 2 -> trainer(new ProtoReader(in.bytes()));
                    case 3 -> normalizer(new ProtoReader(in.bytes()));
                    default -> in.skip();
                }
            }
        }

        private static Piece piece(ProtoReader in) {
            String text = "";
            float score = 0;
            Kind kind = Kind.NORMAL;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> text = in.string();
                    case 2 -> score = in.float32();
                    case 3 -> kind = of(Kind.values(), in.varint(), "piece type");
                    default -> in.skip();
                }
            }
            if (text.length() > LONGEST_PIECE) {
                throw new IllegalArgumentException("SentencePiece model: a piece of " + text.length()
                        + " characters, expected at most " + LONGEST_PIECE);
            }
            return new Piece(text, score, kind);
        }

        private void trainer(ProtoReader in) {
            while (in.next()) {
                switch (in.field()) {
                    case 3 -> type = of(Type.values(), in.varint(), "model type");
                    case 24 -> treatWhitespaceAsSuffix = in.varint() != 0;
                    case 35 -> byteFallback = in.varint() != 0;
                    case 44 -> unkSurface = in.string();
                    default -> in.skip();
                }
            }
        }

        private void normalizer(ProtoReader in) {
            while (in.next()) {
                switch (in.field()) {
                    case 2 -> charsMap = in.bytes();
                    case 3 -> addDummyPrefix = in.varint() != 0;
                    case 4 -> removeExtraWhitespaces = in.varint() != 0;
                    case 5 -> escapeWhitespaces = in.varint() != 0;
                    default -> in.skip();
                }
            }
        }

        private static <T> T of(T[] values, long number, String what) {
            if (number < 1 || number > values.length) {
                throw new IllegalArgumentException(
                        "SentencePiece model: " + what + " " + number + ", expected 1 to " + values.length);
            }
            return values[(int) number - 1];
        }
    }
}
