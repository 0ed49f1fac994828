package dev.athanor.tokenizers.sentencepiece;

import dev.athanor.tokenizers.AddedToken;
import dev.athanor.tokenizers.TextPattern;
import dev.athanor.tokenizers.TokenizerSpec;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.decoders.ByteFallbackDecoder;
import dev.athanor.tokenizers.decoders.Decoder;
import dev.athanor.tokenizers.decoders.DecoderSequence;
import dev.athanor.tokenizers.decoders.FuseDecoder;
import dev.athanor.tokenizers.decoders.MetaspaceDecoder;
import dev.athanor.tokenizers.decoders.ReplaceDecoder;
import dev.athanor.tokenizers.decoders.StripDecoder;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.normalizers.NormalizerSequence;
import dev.athanor.tokenizers.normalizers.Precompiled;
import dev.athanor.tokenizers.normalizers.Prepend;
import dev.athanor.tokenizers.normalizers.Replace;
import dev.athanor.tokenizers.pretokenizers.FixedLength;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.Metaspace.PrependScheme;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizerSequence;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Kind;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Piece;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A SentencePiece model in the terms of tokenizer.json, as the converters of the transformers library do it: normalization by the
 * compiled map and by replacing blanks, pieces that begin with U+2581, control pieces as special tokens.
 */
final class ToTokenizer {

    private static final int MARK = 0x2581;
    private static final String MARK_TEXT = "\u2581";

    private final SentencePieceModel model;
    private final PrependScheme prepend;

    private ToTokenizer(SentencePieceModel model) {
        this.model = model;
        boolean cut =
                model.type() != Type.UNIGRAM && model.pieces().stream().anyMatch(p -> p.kind() == Kind.USER_DEFINED);
        prepend = !model.addDummyPrefix() ? PrependScheme.NEVER : cut ? PrependScheme.FIRST : PrependScheme.ALWAYS;
    }

    static TokenizerSpec convert(SentencePieceModel model) {
        if (model.treatWhitespaceAsSuffix() || !model.escapeWhitespaces()) {
            throw new IllegalArgumentException("SentencePiece model: "
                    + (model.treatWhitespaceAsSuffix() ? "treat_whitespace_as_suffix" : "escape_whitespaces = false")
                    + " has no form in tokenizer.json");
        }
        ToTokenizer to = new ToTokenizer(model);
        return new TokenizerSpec(
                null, null, to.addedTokens(), to.normalizer(), to.preTokenizer(), null, to.decoder(), to.model());
    }

    private List<AddedToken> addedTokens() {
        List<AddedToken> added = new ArrayList<>();
        for (int id = 0; id < model.pieces().size(); id++) {
            Piece piece = model.pieces().get(id);
            switch (piece.kind()) {
                case UNKNOWN, CONTROL -> added.add(AddedToken.special(id, piece.text()));
                case USER_DEFINED -> {
                    // Unigram has them as tokens that always win; BPE must not merge them with their neighbours.
                    if (model.type() != Type.UNIGRAM) {
                        added.add(new AddedToken(id, piece.text(), false, false, false, false, false));
                    }
                }
                case NORMAL, UNUSED, BYTE -> {}
            }
        }
        return added;
    }

    private @Nullable Normalizer normalizer() {
        List<Normalizer> steps = new ArrayList<>();
        if (model.charsMap().length > 0) {
            steps.add(new Precompiled(model.charsMap()));
        }
        if (model.removeExtraWhitespaces()) {
            steps.add(new Replace(TextPattern.regex("\\A +| +\\z"), ""));
            steps.add(new Replace(TextPattern.regex(" {2,}"), " "));
        } else {
            // The mark is put in front of a text that begins with a blank too, which Metaspace would not do.
            if (model.addDummyPrefix()) {
                steps.add(new Prepend(MARK_TEXT));
            }
            steps.add(new Replace(TextPattern.string(" "), MARK_TEXT));
        }
        return steps.isEmpty() ? null : steps.size() == 1 ? steps.getFirst() : new NormalizerSequence(steps);
    }

    private @Nullable PreTokenizer preTokenizer() {
        boolean words = model.type() == Type.WORD || model.type() == Type.CHAR;
        PrependScheme scheme = model.removeExtraWhitespaces() ? prepend : PrependScheme.NEVER;
        Metaspace metaspace = new Metaspace(MARK, scheme, words || piecesAreWithinWords());
        return model.type() == Type.CHAR ? new PreTokenizerSequence(List.of(metaspace, new FixedLength(1))) : metaspace;
    }

    /** Whether no piece goes on over a blank, so that words can be encoded one by one. */
    private boolean piecesAreWithinWords() {
        return model.pieces().stream()
                .filter(p -> p.kind() == Kind.NORMAL)
                .noneMatch(p -> p.text().indexOf(MARK_TEXT, 1) > 0);
    }

    private Decoder decoder() {
        if (!model.byteFallback()) {
            return new MetaspaceDecoder(MARK, prepend, true);
        }
        List<Decoder> steps = new ArrayList<>(List.of(
                new ReplaceDecoder(TextPattern.string(MARK_TEXT), " "), new ByteFallbackDecoder(), new FuseDecoder()));
        if (model.addDummyPrefix()) {
            steps.add(new StripDecoder(' ', 1, 0));
        }
        return new DecoderSequence(steps);
    }

    private Model model() {
        String unk = model.pieces().get(model.unkId()).text();
        return switch (model.type()) {
            case UNIGRAM -> new Unigram(scored(), model.unkId(), model.byteFallback());
            case BPE ->
                new Bpe(
                        vocabulary(),
                        merges(),
                        new Bpe.Options(null, unk, null, null, true, model.byteFallback(), false));
            case WORD, CHAR -> new WordLevel(vocabulary(), unk);
        };
    }

    /** The scores of the file; that of a user-defined piece is what SentencePiece reckons for it. */
    private List<Unigram.ScoredToken> scored() {
        double greatest = model.pieces().stream()
                .filter(p -> p.kind() == Kind.NORMAL)
                .mapToDouble(Piece::score)
                .max()
                .orElse(0);
        return model.pieces().stream()
                .map(p -> new Unigram.ScoredToken(
                        p.text(),
                        p.kind() == Kind.USER_DEFINED
                                ? p.text().getBytes(StandardCharsets.UTF_8).length * greatest - 0.1
                                : p.score()))
                .toList();
    }

    private Vocabulary vocabulary() {
        return Vocabulary.ofList(model.pieces().stream().map(Piece::text).toList());
    }

    /** Every way to make a piece of two others, pieces of high score first. */
    private List<Bpe.Merge> merges() {
        Map<String, Integer> ids = new HashMap<>();
        List<Integer> order = new ArrayList<>();
        for (int id = 0; id < model.pieces().size(); id++) {
            Piece piece = model.pieces().get(id);
            if (piece.kind() == Kind.NORMAL || piece.kind() == Kind.UNUSED) {
                ids.putIfAbsent(piece.text(), id);
                order.add(id);
            }
        }
        order.sort(Comparator.comparingDouble(
                        (Integer id) -> -model.pieces().get(id).score())
                .thenComparing(Comparator.naturalOrder()));
        List<Bpe.Merge> merges = new ArrayList<>();
        for (int id : order) {
            String piece = model.pieces().get(id).text();
            List<Bpe.Merge> ways = new ArrayList<>();
            for (int cut = piece.offsetByCodePoints(0, 1);
                    cut < piece.length();
                    cut = piece.offsetByCodePoints(cut, 1)) {
                Bpe.Merge way = new Bpe.Merge(piece.substring(0, cut), piece.substring(cut));
                if (ids.containsKey(way.left()) && ids.containsKey(way.right())) {
                    ways.add(way);
                }
            }
            ways.sort(Comparator.comparingInt((Bpe.Merge way) -> ids.getOrDefault(way.left(), 0))
                    .thenComparingInt(way -> ids.getOrDefault(way.right(), 0)));
            merges.addAll(ways);
        }
        return merges;
    }
}
