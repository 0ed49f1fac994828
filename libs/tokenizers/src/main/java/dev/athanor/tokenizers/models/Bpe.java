package dev.athanor.tokenizers.models;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.internal.DroppedMerges;
import dev.athanor.tokenizers.internal.MergeTable;
import dev.athanor.tokenizers.internal.Merger;
import dev.athanor.tokenizers.internal.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding (Sennrich et al. 2016) with the options of the Hugging Face library: a piece is cut into characters, and the
 * merge of lowest rank is applied, leftmost first, until none applies.
 */
public final class Bpe implements Model {

    /** One merge: two tokens whose joint is a token too. */
    public record Merge(String left, String right) {}

    /**
     * @param dropout probability of passing over a merge; applied where a source of chance is given, so that encoding is otherwise a
     *     function of the text
     * @param unkToken the token for characters that are not in the vocabulary; without one they are left out
     * @param continuingSubwordPrefix in front of every character but the first of a piece
     * @param endOfWordSuffix behind the last character of a piece
     * @param fuseUnk whether unknown characters in a row become one token
     * @param byteFallback whether an unknown character becomes the tokens {@code <0x00>} to {@code <0xFF>} of its UTF-8
     * @param ignoreMerges whether a piece that is in the vocabulary is taken whole
     */
    public record Options(
            @Nullable Double dropout,
            @Nullable String unkToken,
            @Nullable String continuingSubwordPrefix,
            @Nullable String endOfWordSuffix,
            boolean fuseUnk,
            boolean byteFallback,
            boolean ignoreMerges) {

        public static final Options DEFAULT = new Options(null, null, null, null, false, false, false);

        public Options {
            if (dropout != null && !(dropout >= 0 && dropout <= 1)) {
                throw new IllegalArgumentException("model.dropout: " + dropout + ", expected 0 to 1");
            }
        }

        String prefix() {
            return continuingSubwordPrefix == null ? "" : continuingSubwordPrefix;
        }

        String suffix() {
            return endOfWordSuffix == null ? "" : endOfWordSuffix;
        }
    }

    private final Vocabulary vocabulary;
    private final List<Merge> merges;
    private final Options options;
    private final MergeTable table;
    private final int unkId;
    private final int[] byteTokens;

    /** @throws IllegalArgumentException if a merge names a token that the vocabulary has not, or the unknown token is missing */
    public Bpe(Vocabulary vocabulary, List<Merge> merges, Options options) {
        this.vocabulary = vocabulary;
        this.merges = List.copyOf(merges);
        this.options = options;
        table = new MergeTable(merges.size());
        int prefixLength = options.prefix().length();
        for (int rank = 0; rank < merges.size(); rank++) {
            Merge merge = merges.get(rank);
            String right = merge.right();
            String tail = right.length() >= prefixLength ? right.substring(prefixLength) : right;
            table.put(required(merge.left(), rank), required(right, rank), rank, required(merge.left() + tail, rank));
        }
        unkId = options.unkToken() == null ? Vocabulary.ABSENT : vocabulary.id(options.unkToken());
        byteTokens = new int[256];
        for (int b = 0; b < 256; b++) {
            byteTokens[b] = vocabulary.id(String.format(Locale.ROOT, "<0x%02X>", b));
        }
    }

    private int required(String token, int rank) {
        int id = vocabulary.id(token);
        if (id == Vocabulary.ABSENT) {
            throw new IllegalArgumentException(
                    "model.merges[" + rank + "]: token \"" + token + "\" is not in the vocabulary");
        }
        return id;
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    public List<Merge> merges() {
        return merges;
    }

    public Options options() {
        return options;
    }

    /** The merges by pair of ids. */
    public MergeTable mergeTable() {
        return table;
    }

    @Override
    public void tokenize(AlignedText piece, TokenSink out) {
        int n = piece.length();
        if (n == 0) {
            return;
        }
        if (options.ignoreMerges()) {
            int whole = vocabulary.id(piece.toString());
            if (whole != Vocabulary.ABSENT) {
                out.token(whole, 0, n);
                return;
            }
        }
        Symbols symbols = new Symbols(piece);
        emit(symbols, symbols.merger.merge(symbols.count), out);
    }

    /** As the other, with merges passed over by chance as {@link Options#dropout} says, to regularize training. */
    public void tokenize(AlignedText piece, RandomGenerator random, TokenSink out) {
        Double dropout = options.dropout();
        if (dropout == null || dropout == 0) {
            tokenize(piece, out);
            return;
        }
        Symbols symbols = new Symbols(piece);
        Merger merger = symbols.merger;
        int[] ids = merger.ids(symbols.count);
        int left = DroppedMerges.merge(table, ids, merger.lengths(), symbols.count, dropout, random);
        emit(symbols, left, out);
    }

    private static void emit(Symbols symbols, int left, TokenSink out) {
        int at = 0;
        for (int i = 0; i < left; i++) {
            int end = at + symbols.merger.lengths()[i];
            out.token(symbols.merger.ids(left)[i], symbols.codePointAt(at, false), symbols.codePointAt(end, true));
            at = end;
        }
    }

    /** The piece's characters as symbols, with lengths in bytes, because a character's bytes may fall to several tokens. */
    private final class Symbols {

        final Merger merger = new Merger(table);
        final int[] codePointOfByte;
        int count;
        private boolean lastIsUnk;

        Symbols(AlignedText piece) {
            int n = piece.length();
            int bytes = 0;
            for (int i = 0; i < n; i++) {
                bytes += Utf8.length(piece.codePoint(i));
            }
            codePointOfByte = new int[bytes + 1];
            int affixes = (options.prefix() + options.suffix()).getBytes(StandardCharsets.UTF_8).length;
            merger.ids(bytes + n * affixes);
            byte[] utf8 = new byte[4];
            int b = 0;
            for (int i = 0; i < n; i++) {
                int length = Utf8.put(piece.codePoint(i), utf8, 0);
                for (int k = 0; k < length; k++) {
                    codePointOfByte[b++] = i;
                }
                add(symbol(piece, i, n), length);
            }
            codePointOfByte[b] = n;
        }

        private String symbol(AlignedText piece, int i, int n) {
            String prefix = i > 0 ? options.prefix() : "";
            String suffix = i == n - 1 ? options.suffix() : "";
            return prefix + piece.substring(i, i + 1) + suffix;
        }

        private void add(String symbol, int length) {
            int id = vocabulary.id(symbol);
            if (id != Vocabulary.ABSENT) {
                push(id, length, false);
            } else if (options.byteFallback() && allBytesKnown(symbol)) {
                // The reference spells the prefix and suffix too.
                for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
                    push(byteTokens[b & 0xFF], 1, false);
                }
            } else if (unkId != Vocabulary.ABSENT) {
                if (options.fuseUnk() && lastIsUnk) {
                    merger.lengths()[count - 1] += length;
                } else {
                    push(unkId, length, true);
                }
            }
        }

        private boolean allBytesKnown(String symbol) {
            for (byte b : symbol.getBytes(StandardCharsets.UTF_8)) {
                if (byteTokens[b & 0xFF] == Vocabulary.ABSENT) {
                    return false;
                }
            }
            return true;
        }

        private void push(int id, int length, boolean unk) {
            merger.ids(count + 1)[count] = id;
            merger.lengths()[count++] = length;
            lastIsUnk = unk;
        }

        int codePointAt(int bytePosition, boolean roundUp) {
            int i = codePointOfByte[Math.min(bytePosition, codePointOfByte.length - 1)];
            boolean inside = roundUp
                    && bytePosition > 0
                    && bytePosition < codePointOfByte.length - 1
                    && codePointOfByte[bytePosition - 1] == i;
            return inside ? i + 1 : i;
        }
    }
}
