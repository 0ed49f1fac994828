package dev.athanor.tokenizers.models;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.UnencodableTextException;
import dev.athanor.tokenizers.Vocabulary;
import dev.athanor.tokenizers.internal.ByteTrie;
import dev.athanor.tokenizers.internal.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The unigram language model (Kudo 2018): of all ways to cut a piece into tokens the one with the highest sum of log
 * probabilities, found by Viterbi. A character that no token covers costs the lowest score less 10.
 */
public final class Unigram implements Model {

    /** A token and the natural logarithm of its probability. */
    public record ScoredToken(String token, double score) {}

    private static final double UNK_PENALTY = 10;
    /** In place of an id: a character that no token covers. */
    private static final int UNKNOWN = -1;

    private final List<ScoredToken> tokens;
    private final @Nullable Integer unkId;
    private final boolean byteFallback;
    private final Vocabulary vocabulary;
    private final double[] scores;
    private final double unkScore;
    private final ByteTrie trie = new ByteTrie();
    private final int[] byteTokens = new int[256];

    /** @param unkId the id of the unknown token; without one a text with unknown characters is refused */
    public Unigram(List<ScoredToken> tokens, @Nullable Integer unkId, boolean byteFallback) {
        if (unkId != null && (unkId < 0 || unkId >= tokens.size())) {
            throw new IllegalArgumentException("model.unk_id: " + unkId + ", expected 0 to " + (tokens.size() - 1));
        }
        this.tokens = List.copyOf(tokens);
        this.unkId = unkId;
        this.byteFallback = byteFallback;
        List<String> names = new ArrayList<>(tokens.size());
        scores = new double[tokens.size()];
        double min = Double.POSITIVE_INFINITY;
        for (int id = 0; id < scores.length; id++) {
            String token = tokens.get(id).token();
            names.add(token);
            scores[id] = tokens.get(id).score();
            min = Math.min(min, scores[id]);
            trie.put(token.getBytes(StandardCharsets.UTF_8), id);
        }
        unkScore = min - UNK_PENALTY;
        vocabulary = Vocabulary.ofList(names);
        for (int b = 0; b < 256; b++) {
            byteTokens[b] = vocabulary.id(String.format(Locale.ROOT, "<0x%02X>", b));
        }
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    public List<ScoredToken> tokens() {
        return tokens;
    }

    public @Nullable Integer unkId() {
        return unkId;
    }

    public boolean byteFallback() {
        return byteFallback;
    }

    /** Whether the id stands for what the model does not know. */
    public boolean isUnknown(int id) {
        return unkId != null && id == unkId;
    }

    @Override
    public void tokenize(AlignedText piece, TokenSink out) {
        byte[] utf8 = piece.toUtf8();
        if (utf8.length == 0) {
            return;
        }
        int[] cuts = bestPath(utf8);
        int codePoint = 0;
        for (int i = 0; i + 1 < cuts.length; i++) {
            int from = cuts[i];
            int to = cuts[i + 1];
            int end = codePoint;
            for (int p = from; p < to; p += Utf8.decode(utf8, p, to) & 7) {
                end++;
            }
            emit(utf8, from, to, codePoint, end, out);
            codePoint = end;
        }
    }

    private void emit(byte[] utf8, int from, int to, int codePoint, int end, TokenSink out) {
        int id = vocabulary.id(new String(utf8, from, to - from, StandardCharsets.UTF_8));
        if (id != Vocabulary.ABSENT) {
            out.token(id, codePoint, end);
            return;
        }
        if (byteFallback && allBytesKnown(utf8, from, to)) {
            for (int p = from; p < to; p++) {
                out.token(byteTokens[utf8[p] & 0xFF], codePoint, end);
            }
            return;
        }
        if (unkId == null) {
            throw noToken(utf8, from, to);
        }
        out.token(unkId, codePoint, end);
    }

    private boolean allBytesKnown(byte[] utf8, int from, int to) {
        for (int p = from; p < to; p++) {
            if (byteTokens[utf8[p] & 0xFF] == Vocabulary.ABSENT) {
                return false;
            }
        }
        return true;
    }

    /** Arrays that one search after the other uses. Not thread-safe. */
    public static final class Work {
        private double[] best = new double[64];
        private int[] startOf = new int[64];
        private int[] idOf = new int[64];

        private void prepare(int n) {
            if (best.length <= n) {
                int size = n + (n >> 1) + 1;
                best = new double[size];
                startOf = new int[size];
                idOf = new int[size];
            }
            Arrays.fill(startOf, 0, n + 1, -1);
            best[0] = 0;
        }
    }

    /** Adds the ids of a piece in UTF-8: the same as {@link #tokenize} gives, without objects on the way. */
    public void encode(byte[] utf8, int from, int to, Work work, IntList out) {
        search(utf8, from, to, work);
        int[] startOf = work.startOf;
        int first = out.size();
        for (int end = to - from; end > 0; ) {
            int id = work.idOf[end];
            int start = startOf[end];
            if (!isUnk(id)) {
                out.add(id);
            } else {
                while (unkId != null && start > 0 && isUnk(work.idOf[start])) {
                    start = startOf[start];
                }
                emitReversed(utf8, from + start, from + end, out);
            }
            end = start;
        }
        for (int i = first, j = out.size() - 1; i < j; i++, j--) {
            int swapped = out.get(i);
            out.set(i, out.get(j));
            out.set(j, swapped);
        }
    }

    private boolean isUnk(int id) {
        return id == UNKNOWN || unkId != null && id == unkId;
    }

    /** As {@link #emit}, for the bytes of unknown characters, the last first. */
    private void emitReversed(byte[] utf8, int from, int to, IntList out) {
        int whole = trie.find(utf8, from, to);
        if (whole != ByteTrie.NONE) {
            out.add(whole);
        } else if (byteFallback && allBytesKnown(utf8, from, to)) {
            for (int p = to - 1; p >= from; p--) {
                out.add(byteTokens[utf8[p] & 0xFF]);
            }
        } else if (unkId == null) {
            throw noToken(utf8, from, to);
        } else {
            out.add(unkId);
        }
    }

    private static UnencodableTextException noToken(byte[] utf8, int from, int to) {
        return new UnencodableTextException(
                "model.unk_id",
                new String(utf8, from, to - from, StandardCharsets.UTF_8),
                "the id of an unknown token, or text that has tokens");
    }

    /** Viterbi over the bytes: in the work, for each end of a token on a best path where it starts and its id. */
    private void search(byte[] utf8, int from, int to, Work work) {
        int n = to - from;
        work.prepare(n);
        double[] best = work.best;
        int[] startOf = work.startOf;
        int[] idOf = work.idOf;
        for (int start = 0; start < n; ) {
            double here = best[start];
            int characterEnd = start + (Utf8.decode(utf8, from + start, to) & 7);
            boolean single = false;
            int node = 0;
            for (int p = start; p < n; p++) {
                node = trie.child(node, utf8[from + p] & 0xFF);
                if (node == ByteTrie.NONE) {
                    break;
                }
                int id = trie.value(node);
                if (id != ByteTrie.NONE) {
                    double score = here + scores[id];
                    if (startOf[p + 1] < 0 || score > best[p + 1]) {
                        best[p + 1] = score;
                        startOf[p + 1] = start;
                        idOf[p + 1] = id;
                    }
                    single |= p + 1 == characterEnd;
                }
            }
            if (!single) {
                double score = here + unkScore;
                if (startOf[characterEnd] < 0 || score > best[characterEnd]) {
                    best[characterEnd] = score;
                    startOf[characterEnd] = start;
                    idOf[characterEnd] = UNKNOWN;
                }
            }
            start = characterEnd;
        }
    }

    /** Where the best path cuts, from 0 to the end; unknown characters in a row are one token. */
    private int[] bestPath(byte[] utf8) {
        int n = utf8.length;
        Work work = new Work();
        search(utf8, 0, n, work);
        int[] reversed = new int[n + 1];
        int count = 0;
        reversed[count++] = n;
        for (int end = n; end > 0; ) {
            boolean run = unkId != null && isUnk(work.idOf[end]);
            end = work.startOf[end];
            while (run && end > 0 && isUnk(work.idOf[end])) {
                end = work.startOf[end];
            }
            reversed[count++] = end;
        }
        int[] cuts = new int[count];
        for (int i = 0; i < count; i++) {
            cuts[i] = reversed[count - 1 - i];
        }
        return cuts;
    }
}
