package dev.athanor.tokenizers.sentencepiece;

import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.decoders.ByteFallbackDecoder;
import dev.athanor.tokenizers.internal.ByteTrie;
import dev.athanor.tokenizers.internal.Utf8;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Kind;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Piece;
import dev.athanor.tokenizers.sentencepiece.SentencePieceModel.Type;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * Encodes and decodes as SentencePiece does with the same .model file: its normalization, its Unigram and BPE algorithms, single
 * precision where it has single precision. Immutable and thread-safe.
 */
public final class SentencePieceTokenizer {

    private static final float UNK_PENALTY = 10;
    private static final String MARK = "\u2581";

    private final SentencePieceModel model;
    private final SentencePieceNormalizer normalizer;
    private final ByteTrie trie = new ByteTrie();
    private final ByteTrie symbols = new ByteTrie();
    private final float[] scores;
    private final Kind[] kinds;
    private final int[] byteIds = new int[256];
    private final int unkId;
    private final float least;
    private final float greatest;

    public SentencePieceTokenizer(SentencePieceModel model) {
        if (model.type() != Type.UNIGRAM && model.type() != Type.BPE) {
            throw new IllegalArgumentException(
                    "SentencePiece model type: " + model.type() + ", expected UNIGRAM or BPE");
        }
        this.model = model;
        normalizer = new SentencePieceNormalizer(model);
        unkId = model.unkId();
        int n = model.pieces().size();
        scores = new float[n];
        kinds = new Kind[n];
        Arrays.fill(byteIds, unkId);
        float min = Float.MAX_VALUE;
        float max = -Float.MAX_VALUE;
        for (int id = 0; id < n; id++) {
            Piece piece = model.pieces().get(id);
            scores[id] = piece.score();
            kinds[id] = piece.kind();
            byte[] text = piece.text().getBytes(StandardCharsets.UTF_8);
            switch (piece.kind()) {
                case NORMAL -> {
                    trie.put(text, id);
                    min = Math.min(min, piece.score());
                    max = Math.max(max, piece.score());
                }
                case USER_DEFINED -> {
                    trie.put(text, id);
                    symbols.put(text, id);
                }
                case UNUSED -> trie.put(text, id);
                case BYTE -> {
                    int b = ByteFallbackDecoder.byteOf(piece.text());
                    if (b >= 0) {
                        byteIds[b] = id;
                    }
                }
                case UNKNOWN, CONTROL -> {}
            }
        }
        least = min;
        greatest = max;
    }

    public static SentencePieceTokenizer load(Path file) throws IOException {
        return new SentencePieceTokenizer(SentencePieceModel.read(file));
    }

    public SentencePieceModel model() {
        return model;
    }

    public int vocabSize() {
        return scores.length;
    }

    public int[] encodeIds(String text) {
        IntList out = new IntList(text.length() / 3 + 8);
        encodeIds(text, out);
        return out.toArray();
    }

    /** Adds the ids of the text. */
    public void encodeIds(CharSequence text, IntList out) {
        byte[] utf8 = new byte[Utf8.maxBytes(text.length())];
        byte[] normal = normalizer.normalize(Arrays.copyOf(utf8, Utf8.encode(text, 0, text.length(), utf8, 0)));
        if (normal.length == 0) {
            return;
        }
        if (model.type() == Type.UNIGRAM) {
            unigram(normal, out);
        } else {
            new BpeRun(normal).emit(out);
        }
    }

    /** Adds a piece's id; unknown ones in a row are one, or become bytes. Says whether this one was unknown. */
    private boolean emit(byte[] b, int from, int to, int id, boolean afterUnknown, IntList out) {
        if (id != unkId) {
            out.add(id);
            return false;
        }
        if (model.byteFallback()) {
            for (int p = from; p < to; p++) {
                out.add(byteIds[b[p] & 0xFF]);
            }
        } else if (!afterUnknown) {
            out.add(unkId);
        }
        return true;
    }

    private static int characterEnd(byte[] b, int p) {
        return p + (Utf8.decode(b, p, b.length) & 7);
    }

    // ---- Unigram

    private void unigram(byte[] b, IntList out) {
        int n = b.length;
        float[] best = new float[n + 1];
        int[] startOf = new int[n + 1];
        int[] idOf = new int[n + 1];
        Arrays.fill(startOf, -1);
        float unkScore = least - UNK_PENALTY;
        for (int start = 0; start < n; ) {
            float here = best[start];
            int characterEnd = characterEnd(b, start);
            boolean single = false;
            int node = 0;
            for (int p = start; p < n && (node = trie.child(node, b[p] & 0xFF)) != ByteTrie.NONE; p++) {
                int id = trie.value(node);
                if (id == ByteTrie.NONE || kinds[id] == Kind.UNUSED) {
                    continue;
                }
                int end = p + 1;
                // A user-defined piece is always chosen. The sum is in double precision, what is kept of it in single.
                double score = kinds[id] == Kind.USER_DEFINED ? (end - start) * greatest - 0.1 : scores[id];
                double sum = score + here;
                if (startOf[end] < 0 || sum > best[end]) {
                    best[end] = (float) sum;
                    startOf[end] = start;
                    idOf[end] = id;
                }
                single |= end == characterEnd;
            }
            if (!single && (startOf[characterEnd] < 0 || unkScore + here > best[characterEnd])) {
                best[characterEnd] = unkScore + here;
                startOf[characterEnd] = start;
                idOf[characterEnd] = unkId;
            }
            start = characterEnd;
        }
        IntList ends = new IntList();
        for (int end = n; end > 0; end = startOf[end]) {
            ends.add(end);
        }
        boolean unknown = false;
        for (int i = ends.size() - 1; i >= 0; i--) {
            int end = ends.get(i);
            unknown = emit(b, startOf[end], end, idOf[end], unknown, out);
        }
    }

    // ---- BPE

    /** A pair of neighbours whose joint is a piece; better is higher score, then further left. */
    private record Pair(float score, int left, int end) implements Comparable<Pair> {

        @Override
        public int compareTo(Pair other) {
            int byScore = Float.compare(other.score, score);
            return byScore != 0 ? byScore : Integer.compare(left, other.left);
        }
    }

    /** One text being merged: symbols are stretches of bytes, known by where they start. */
    private final class BpeRun {

        private final byte[] b;
        private final int[] endOf;
        private final int[] previous;
        private final boolean[] frozen;
        private final PriorityQueue<Pair> queue = new PriorityQueue<>();

        BpeRun(byte[] b) {
            this.b = b;
            endOf = new int[b.length + 1];
            previous = new int[b.length + 1];
            frozen = new boolean[b.length + 1];
            int last = -1;
            for (int p = 0; p < b.length; ) {
                int symbol = longest(symbols, p);
                int end = symbol > 0 ? p + symbol : characterEnd(b, p);
                frozen[p] = symbol > 0;
                endOf[p] = end;
                previous[p] = last;
                last = p;
                p = end;
            }
            previous[b.length] = last;
            for (int p = 0; endOf[p] < b.length; p = endOf[p]) {
                push(p);
            }
            merge();
        }

        private int longest(ByteTrie in, int from) {
            int node = 0;
            int longest = 0;
            for (int p = from; p < b.length && (node = in.child(node, b[p] & 0xFF)) != ByteTrie.NONE; p++) {
                longest = in.value(node) == ByteTrie.NONE ? longest : p + 1 - from;
            }
            return longest;
        }

        private int idOf(int from, int to) {
            int node = 0;
            for (int p = from; p < to && node != ByteTrie.NONE; p++) {
                node = trie.child(node, b[p] & 0xFF);
            }
            return node == ByteTrie.NONE ? ByteTrie.NONE : trie.value(node);
        }

        /** Queues the symbol at a position with the one after it. */
        private void push(int left) {
            int right = endOf[left];
            if (right >= b.length || frozen[left] || frozen[right]) {
                return;
            }
            int id = idOf(left, endOf[right]);
            if (id != ByteTrie.NONE) {
                queue.add(new Pair(scores[id], left, endOf[right]));
            }
        }

        private void merge() {
            while (!queue.isEmpty()) {
                Pair top = queue.poll();
                int left = top.left;
                int right = endOf[left];
                // endOf is 0 where a symbol was merged into the one before it.
                if (right == 0 || right >= b.length || endOf[right] != top.end) {
                    continue;
                }
                endOf[left] = top.end;
                endOf[right] = 0;
                previous[top.end] = left;
                if (top.end < b.length) {
                    push(left);
                }
                if (previous[left] >= 0) {
                    push(previous[left]);
                }
            }
        }

        void emit(IntList out) {
            boolean unknown = false;
            for (int p = 0; p < b.length; p = endOf[p]) {
                unknown = emitSymbol(p, endOf[p], unknown, out);
            }
        }

        /** A piece marked as unused only helps merging: in the result its two best parts stand for it. */
        private boolean emitSymbol(int from, int to, boolean afterUnknown, IntList out) {
            int id = idOf(from, to);
            if (id == ByteTrie.NONE) {
                return SentencePieceTokenizer.this.emit(b, from, to, unkId, afterUnknown, out);
            }
            int cut = kinds[id] == Kind.UNUSED ? bestCut(from, to) : -1;
            if (cut < 0) {
                return SentencePieceTokenizer.this.emit(b, from, to, id, afterUnknown, out);
            }
            return emitSymbol(cut, to, emitSymbol(from, cut, afterUnknown, out), out);
        }

        private int bestCut(int from, int to) {
            int best = -1;
            float bestScore = Float.NEGATIVE_INFINITY;
            for (int cut = characterEnd(b, from); cut < to; cut = characterEnd(b, cut)) {
                int left = idOf(from, cut);
                int right = idOf(cut, to);
                if (left != ByteTrie.NONE
                        && right != ByteTrie.NONE
                        && Math.min(scores[left], scores[right]) > bestScore) {
                    bestScore = Math.min(scores[left], scores[right]);
                    best = cut;
                }
            }
            return best;
        }
    }

    // ---- back to text

    /** The text of the ids; control pieces are left out, the unknown piece is its surface. */
    public String decode(int[] ids) {
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean start = true;
        for (int id : ids) {
            if (id < 0 || id >= kinds.length) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "id: %d, expected 0 to %d", id, kinds.length - 1));
            }
            String piece = model.pieces().get(id).text();
            if (kinds[id] == Kind.BYTE) {
                bytes.write(ByteFallbackDecoder.byteOf(piece));
                start = false;
                continue;
            }
            text.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.reset();
            if (kinds[id] == Kind.UNKNOWN) {
                text.append(model.unkSurface());
                start = false;
            } else if (kinds[id] != Kind.CONTROL) {
                boolean dummy =
                        start && piece.startsWith(MARK) && (model.addDummyPrefix() || model.removeExtraWhitespaces());
                text.append((dummy ? piece.substring(1) : piece).replace(MARK, " "));
                start = false;
            }
        }
        return text.append(bytes.toString(StandardCharsets.UTF_8)).toString();
    }
}
