package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.decoders.ByteFallbackDecoder;
import dev.athanor.tokenizers.models.Model;
import dev.athanor.tokenizers.models.Unigram;
import dev.athanor.tokenizers.models.WordPiece;
import java.nio.charset.StandardCharsets;

/** Encodes the pieces that the cache does not know, by the model, and tells how long their tokens are. Not thread-safe. */
final class PieceModel {

    private final Model model;
    private final Unigram.Work work = new Unigram.Work();
    private final TokenLengths lengths;

    PieceModel(Model model, TokenLengths lengths) {
        this.model = model;
        this.lengths = lengths;
    }

    /**
     * How many bytes of a piece each token stands for, by id; 0 where the id does not tell.
     *
     * @param head at the start of a piece
     * @param tail behind that: of WordPiece without the prefix
     */
    record TokenLengths(int[] head, int[] tail) {

        static TokenLengths of(Model model) {
            Vocabulary vocabulary = model.vocabulary();
            int[] head = new int[vocabulary.idLimit()];
            int[] tail = new int[vocabulary.idLimit()];
            if (vocabulary.isOneToOne()) {
                String prefix = model instanceof WordPiece w ? w.continuingSubwordPrefix() : "";
                vocabulary.forEach((token, id) -> {
                    if (isOfFixedLength(model, token, id)) {
                        head[id] = token.getBytes(StandardCharsets.UTF_8).length;
                        tail[id] = token.startsWith(prefix)
                                ? head[id] - prefix.getBytes(StandardCharsets.UTF_8).length
                                : 0;
                    }
                });
            }
            return new TokenLengths(head, tail);
        }

        /** An unknown token may stand for any text, a byte for a part of a character. */
        private static boolean isOfFixedLength(Model model, String token, int id) {
            return switch (model) {
                case Unigram u -> !u.isUnknown(id) && !(u.byteFallback() && ByteFallbackDecoder.byteOf(token) >= 0);
                case WordPiece w -> !token.equals(w.unkToken());
                default -> false;
            };
        }
    }

    void encode(byte[] b, int from, int to, IntList out) {
        switch (model) {
            case Unigram unigram -> unigram.encode(b, from, to, work, out);
            case WordPiece wordPiece -> wordPiece.encode(b, from, to, out);
            default -> model.tokenize(text(b, from, to), (id, f, t) -> out.add(id));
        }
    }

    private static AlignedText text(byte[] b, int from, int to) {
        return AlignedText.of(new String(b, from, to - from, StandardCharsets.UTF_8));
    }

    /**
     * Adds the tokens of a piece whose ids are known.
     *
     * @param ids the piece's ids from {@code firstId} to {@code lastId}
     * @param origins for each byte of {@code b} which code point of the text it came from
     */
    void align(byte[] b, int from, int to, IntList ids, int firstId, int lastId, int[] origins, AlignedTokens out) {
        int sum = 0;
        boolean told = true;
        for (int i = firstId; i < lastId; i++) {
            int length = (i == firstId ? lengths.head : lengths.tail)[ids.get(i)];
            told &= length > 0;
            sum += length;
        }
        if (!told || sum != to - from) {
            alignByModel(b, from, to, origins, out);
            return;
        }
        int at = from;
        for (int i = firstId; i < lastId; i++) {
            int id = ids.get(i);
            int end = at + (i == firstId ? lengths.head : lengths.tail)[id];
            out.add(id, origins[at], origins[end - 1] + 1);
            at = end;
        }
    }

    private void alignByModel(byte[] b, int from, int to, int[] origins, AlignedTokens out) {
        AlignedText piece = text(b, from, to);
        int[] byteOf = new int[piece.length() + 1];
        for (int i = 0, p = from; i < byteOf.length; i++) {
            byteOf[i] = p;
            p += p < to ? Utf8.decode(b, p, to) & 7 : 0;
        }
        model.tokenize(piece, (id, f, t) -> {
            int start = origins[byteOf[Math.min(f, piece.length() - 1)]];
            int end = t > 0 ? origins[byteOf[t] - 1] + 1 : start;
            if (model instanceof Unigram unigram && unigram.isUnknown(id)) {
                out.add(id, piece.substring(f, t), start, end);
            } else {
                out.add(id, start, end);
            }
        });
    }
}
