package dev.athanor.tokenizers;

import dev.athanor.tokenizers.decoders.ByteLevelDecoder;
import dev.athanor.tokenizers.internal.Utf8;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.models.WordLevel;
import dev.athanor.tokenizers.models.WordPiece;
import dev.athanor.tokenizers.normalizers.Normalizer;
import dev.athanor.tokenizers.normalizers.NormalizerSequence;
import dev.athanor.tokenizers.normalizers.Replace;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.pretokenizers.FixedLength;
import dev.athanor.tokenizers.pretokenizers.Metaspace;
import dev.athanor.tokenizers.pretokenizers.PreTokenizer;
import dev.athanor.tokenizers.pretokenizers.PreTokenizerSequence;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens of a sequence begin a word, told from the ids alone. What a word is follows from the tokenizer's model and pre-tokenizer:
 *
 * <ul>
 *   <li>models that mark the tokens within a word, or the last of it (WordPiece, BPE with a prefix or suffix): what they mark;
 *   <li>models of whole words: each token;
 *   <li>byte-level models: the pieces into which the pre-tokenizer cuts the text that the tokens say, so that line ends, punctuation and
 *       numbers are words or not as in encoding;
 *   <li>models that write blanks as a mark (SentencePiece): each mark begins a word, and so does what the pre-tokenizer cuts off, and other
 *       white space;
 *   <li>models of characters or bytes whose text is not cut: what white space separates; it begins the word that follows.
 * </ul>
 *
 * Added tokens, special or not, are words of their own. Immutable and thread-safe.
 */
public final class WordBeginnings {

    private static final String BLANK = "\u2581";

    /** Tokens that are cut out of a text before the model sees it, and ids that are none. */
    private final boolean[] apart;

    private final Rule rule;

    /** Of a stretch without tokens that stand apart; the first begins a word in any case. */
    private interface Rule {
        void mark(long[] ids, int from, int to, boolean[] begins);
    }

    private WordBeginnings(boolean[] apart, Rule rule) {
        this.apart = apart;
        this.rule = rule;
    }

    /** @throws IllegalArgumentException if the tokenizer's tokens do not tell where words begin */
    public static WordBeginnings of(Tokenizer tokenizer) {
        int size = tokenizer.vocabSize();
        var apart = new boolean[size];
        var tokens = new String[size];
        for (int id = 0; id < size; id++) {
            String token = tokenizer.idToToken(id);
            apart[id] = token == null;
            tokens[id] = token == null ? "" : token;
        }
        tokenizer.spec().addedTokens().forEach(added -> apart[added.id()] = true);
        return new WordBeginnings(apart, rule(tokenizer.spec(), tokens));
    }

    private static Rule rule(TokenizerSpec spec, String[] tokens) {
        if (spec.model() instanceof WordPiece model) {
            return withoutPrefix(tokens, model.continuingSubwordPrefix());
        }
        if (spec.model() instanceof Bpe model) {
            String suffix = model.options().endOfWordSuffix();
            if (suffix != null && !suffix.isEmpty()) {
                return behindSuffix(tokens, suffix);
            }
            String prefix = model.options().continuingSubwordPrefix();
            if (prefix != null && !prefix.isEmpty()) {
                return withoutPrefix(tokens, prefix);
            }
        }
        List<PreTokenizer> steps = steps(spec.preTokenizer());
        if (steps.stream().anyMatch(ByteLevel.class::isInstance)) {
            return new Texts(steps, each(tokens, ByteLevelDecoder::bytes), null);
        }
        Metaspace metaspace = (Metaspace)
                steps.stream().filter(Metaspace.class::isInstance).findFirst().orElse(null);
        if (metaspace != null) {
            String mark = Character.toString(metaspace.replacement());
            return new Texts(
                    steps,
                    each(tokens, token -> bytes(token.replace(mark, " "))),
                    where(tokens, t -> t.startsWith(mark)));
        }
        if (writesBlanksAsMarks(spec.normalizer())) {
            return new Texts(steps, each(tokens, WordBeginnings::bytes), where(tokens, t -> t.startsWith(BLANK)));
        }
        if (steps.stream().anyMatch(FixedLength.class::isInstance)) {
            return new Texts(steps, each(tokens, WordBeginnings::bytes), null);
        }
        if (spec.model() instanceof WordLevel) {
            return (ids, from, to, begins) -> Arrays.fill(begins, from, to, true);
        }
        throw new IllegalArgumentException("the tokenizer's tokens do not tell where words begin");
    }

    private static List<PreTokenizer> steps(@Nullable PreTokenizer preTokenizer) {
        if (preTokenizer instanceof PreTokenizerSequence(List<PreTokenizer> parts)) {
            List<PreTokenizer> all = new ArrayList<>();
            parts.forEach(part -> all.addAll(steps(part)));
            return all;
        }
        return preTokenizer == null ? List.of() : List.of(preTokenizer);
    }

    private static boolean writesBlanksAsMarks(@Nullable Normalizer normalizer) {
        return switch (normalizer) {
            case NormalizerSequence(List<Normalizer> parts) ->
                parts.stream().anyMatch(WordBeginnings::writesBlanksAsMarks);
            case Replace replace -> replace.content().equals(BLANK);
            case null, default -> false;
        };
    }

    /** UTF-8 of the token; of the name of a byte, that byte. */
    private static byte[] bytes(String token) {
        if (token.length() == 6 && token.startsWith("<0x") && token.endsWith(">")) {
            try {
                return new byte[] {(byte) Integer.parseInt(token.substring(3, 5).toUpperCase(Locale.ROOT), 16)};
            } catch (NumberFormatException e) {
                // Then it only looks like one.
            }
        }
        return token.getBytes(StandardCharsets.UTF_8);
    }

    private interface BytesOf {
        byte[] of(String token);
    }

    private static byte[][] each(String[] tokens, BytesOf bytes) {
        var all = new byte[tokens.length][];
        for (int id = 0; id < all.length; id++) {
            all[id] = bytes.of(tokens[id]);
        }
        return all;
    }

    private static boolean[] where(String[] tokens, Predicate<String> holds) {
        var all = new boolean[tokens.length];
        for (int id = 0; id < all.length; id++) {
            all[id] = holds.test(tokens[id]);
        }
        return all;
    }

    private static Rule withoutPrefix(String[] tokens, String prefix) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("the tokenizer's tokens do not tell where words begin");
        }
        boolean[] within = where(tokens, token -> token.startsWith(prefix));
        return (ids, from, to, begins) -> {
            for (int i = from + 1; i < to; i++) {
                begins[i] = !within[(int) ids[i]];
            }
        };
    }

    private static Rule behindSuffix(String[] tokens, String suffix) {
        boolean[] last = where(tokens, token -> token.endsWith(suffix));
        return (ids, from, to, begins) -> {
            for (int i = from + 1; i < to; i++) {
                begins[i] = last[(int) ids[i - 1]];
            }
        };
    }

    /**
     * Marks the tokens that begin a word. A sequence that was cut out of a text begins in the middle of a word, maybe: what is there of it
     * counts as one.
     *
     * @param ids token ids; what is not in the vocabulary stands apart
     * @param begins set from {@code from} on, for {@code length} tokens
     */
    public void mark(long[] ids, int from, int length, boolean[] begins) {
        int to = from + length;
        for (int at = from; at < to; ) {
            begins[at] = true;
            int end = at;
            while (end < to && !standsApart(ids[end])) {
                end++;
            }
            if (end > at) {
                rule.mark(ids, at, end, begins);
                begins[at] = true;
                at = end;
            } else {
                at++;
            }
        }
    }

    private boolean standsApart(long id) {
        return id < 0 || id >= apart.length || apart[(int) id];
    }

    /** Makes the text again and has it cut. */
    private static final class Texts implements Rule {

        private final byte[][] bytesOfToken;
        private final boolean @Nullable [] marked;
        private final @Nullable PreTokenizer cutter;
        /** Whether white space ends words, because the pre-tokenizer does not see to it. */
        private final boolean atWhiteSpace;

        /** @param marked tokens that begin with the mark of a blank; null where there is none */
        Texts(List<PreTokenizer> steps, byte[][] bytesOfToken, boolean @Nullable [] marked) {
            List<PreTokenizer> cutting = steps.stream()
                    .filter(step ->
                            !(step instanceof FixedLength) && !(step instanceof ByteLevel level && !level.useRegex()))
                    .toList();
            cutter = cutting.isEmpty() ? null : new PreTokenizerSequence(cutting);
            atWhiteSpace = marked != null || cutter == null;
            this.bytesOfToken = bytesOfToken;
            this.marked = marked;
        }

        @Override
        public void mark(long[] ids, int from, int to, boolean[] begins) {
            var utf8 = new ByteArrayOutputStream();
            for (int i = from; i < to; i++) {
                utf8.writeBytes(bytesOfToken[(int) ids[i]]);
            }
            byte[] text = utf8.toByteArray();
            boolean[] cuts = cuts(text);
            int at = 0;
            for (int i = from; i < to; i++) {
                int id = (int) ids[i];
                // A token of no text goes with the one before.
                begins[i] = bytesOfToken[id].length > 0 && cuts[at] || marked != null && marked[id];
                at += bytesOfToken[id].length;
            }
        }

        /** By position in the text: whether a word begins there. */
        private boolean[] cuts(byte[] text) {
            var cuts = new boolean[text.length + 1];
            var byteAt = new int[text.length + 1];
            var codePoints = new StringBuilder(text.length);
            int count = 0;
            boolean white = false;
            for (int p = 0; p < text.length; ) {
                int decoded = Utf8.decode(text, p, text.length);
                int c = decoded >>> 3;
                boolean isWhite = Character.isWhitespace(c);
                cuts[p] = atWhiteSpace && isWhite && !white;
                white = isWhite;
                codePoints.appendCodePoint(c);
                byteAt[count++] = p;
                p += decoded & 7;
            }
            byteAt[count] = text.length;
            if (cutter != null) {
                for (AlignedText piece : cutter.split(AlignedText.of(codePoints))) {
                    // What lies between two pieces, and was dropped, goes with the second.
                    cuts[byteAt[piece.originalTo(piece.length() - 1)]] = true;
                }
            }
            return cuts;
        }
    }
}
