package dev.athanor.tokenizers.models;

import dev.athanor.tokenizers.AlignedText;
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
            throw new IllegalStateException("Unigram: \"" + new String(utf8, from, to - from, StandardCharsets.UTF_8)
                    + "\" has no tokens, and the model has no unk_id");
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

    /** Where the best path cuts, from 0 to the end; unknown characters in a row are one token. */
    private int[] bestPath(byte[] utf8) {
        int n = utf8.length;
        double[] best = new double[n + 1];
        int[] startOf = new int[n + 1];
        boolean[] unk = new boolean[n + 1];
        Arrays.fill(startOf, -1);
        for (int start = 0; start < n; ) {
            double here = best[start];
            int characterEnd = start + (Utf8.decode(utf8, start, n) & 7);
            boolean single = false;
            int node = 0;
            for (int p = start; p < n; p++) {
                node = trie.child(node, utf8[p] & 0xFF);
                if (node == ByteTrie.NONE) {
                    break;
                }
                int id = trie.value(node);
                if (id != ByteTrie.NONE) {
                    double score = here + scores[id];
                    if (startOf[p + 1] < 0 || score > best[p + 1]) {
                        best[p + 1] = score;
                        startOf[p + 1] = start;
                        unk[p + 1] = unkId != null && id == unkId;
                    }
                    single |= p + 1 == characterEnd;
                }
            }
            if (!single) {
                double score = here + unkScore;
                if (startOf[characterEnd] < 0 || score > best[characterEnd]) {
                    best[characterEnd] = score;
                    startOf[characterEnd] = start;
                    unk[characterEnd] = unkId != null;
                }
            }
            start = characterEnd;
        }
        int[] reversed = new int[n + 1];
        int count = 0;
        reversed[count++] = n;
        for (int end = n; end > 0; ) {
            boolean run = unk[end];
            end = startOf[end];
            while (run && end > 0 && unk[end]) {
                end = startOf[end];
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
