package dev.athanor.tokenizers.training;

import dev.athanor.tokenizers.internal.ByteAlphabet;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * How often each word occurs: an open-addressed hash table with the words' bytes in one array. Counts of parts of a corpus can be
 * made apart and {@linkplain #addAll added up}; whatever the order, the same words have the same counts. Not thread-safe.
 */
public final class WordCounts {

    /** Bytes that long words share before they are compared one with the other. */
    private static final int MOST_ROUNDS = 300;

    private byte[] bytes = new byte[1 << 14];
    private int bytesUsed;
    private int[] starts = new int[1 << 10];
    private long[] counts = new long[1 << 10];
    private int size;
    /** Word index plus one in the low half, the hash's high half above; 0 is empty. */
    private long[] table = new long[1 << 11];

    /** Adds occurrences of a word given in UTF-8. */
    public void add(byte[] word, int from, int to, long occurrences) {
        long hash = hash(word, from, to);
        int mask = table.length - 1;
        int slot = (int) hash & mask;
        long tag = hash & 0xFFFFFFFF00000000L;
        while (table[slot] != 0) {
            long entry = table[slot];
            if ((entry & 0xFFFFFFFF00000000L) == tag) {
                int index = (int) entry - 1;
                if (Arrays.equals(bytes, starts[index], end(index), word, from, to)) {
                    counts[index] += occurrences;
                    return;
                }
            }
            slot = (slot + 1) & mask;
        }
        append(word, from, to, occurrences);
        table[slot] = tag | size;
        if (size * 2 > table.length) {
            rehash();
        }
    }

    public void add(String word, long occurrences) {
        byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
        add(utf8, 0, utf8.length, occurrences);
    }

    /** Adds all of the other's counts to these. */
    public void addAll(WordCounts other) {
        for (int i = 0; i < other.size; i++) {
            add(other.bytes, other.starts[i], other.end(i), other.counts[i]);
        }
    }

    /** How many different words there are. */
    public int size() {
        return size;
    }

    /** About how many bytes of heap this takes. */
    public long heapBytes() {
        return bytes.length + 4L * starts.length + 8L * counts.length + 8L * table.length;
    }

    /** The occurrences of all words together. */
    public long total() {
        long total = 0;
        for (int i = 0; i < size; i++) {
            total += counts[i];
        }
        return total;
    }

    public long count(String word) {
        byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < size; i++) {
            if (Arrays.equals(bytes, starts[i], end(i), utf8, 0, utf8.length)) {
                return counts[i];
            }
        }
        return 0;
    }

    /** Forgets all words and lets go of the memory. */
    public void clear() {
        bytesUsed = 0;
        size = 0;
        bytes = new byte[1 << 14];
        starts = new int[1 << 10];
        counts = new long[1 << 10];
        table = new long[1 << 11];
    }

    /** Takes a word and its count. The bytes are the counts' own: read them only, and during the call only. */
    @FunctionalInterface
    public interface Visitor {
        void visit(byte[] bytes, int from, int to, long count);
    }

    /** Visits the words in the order of their unsigned bytes, which is the order of code points. */
    public void forEachSorted(Visitor visitor) {
        for (int i : sortedIndices()) {
            visitor.visit(bytes, starts[i], end(i), counts[i]);
        }
    }

    private int[] sortedIndices() {
        return sortedIndices(b -> b);
    }

    /**
     * The words in the order that their bytes have after {@code rank}. Three bytes at a time and the index are one number, so that
     * sorting needs no objects.
     */
    private int[] sortedIndices(IntUnaryOperator rank) {
        int[] keyOf = new int[256];
        Arrays.setAll(keyOf, b -> rank.applyAsInt(b) + 1);
        long[] keys = new long[size];
        for (int i = 0; i < size; i++) {
            keys[i] = key(i, 0, keyOf);
        }
        sort(keys, 0, size, 0, keyOf);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    /** The bytes of a word from {@code depth} on, 9 bits each and 0 behind its end, above its index. */
    private long key(int index, int depth, int[] keyOf) {
        long key = 0;
        for (int i = depth; i < depth + 3; i++) {
            int at = starts[index] + i;
            key = key << 9 | (at < end(index) ? keyOf[bytes[at] & 0xFF] : 0);
        }
        return key << 32 | index;
    }

    /** Sorts words that are alike up to {@code depth}, and whose keys are those of that depth. */
    private void sort(long[] keys, int from, int to, int depth, int[] keyOf) {
        Arrays.sort(keys, from, to);
        for (int start = from; start < to; ) {
            int end = start + 1;
            while (end < to && keys[end] >>> 32 == keys[start] >>> 32) {
                end++;
            }
            // Words that end here are alike, and there is one of each.
            if (end - start > 1 && (keys[start] >>> 32 & 0x1FF) != 0) {
                if (end - start < 16 || depth > MOST_ROUNDS) {
                    sortBySight(keys, start, end, keyOf);
                } else {
                    for (int i = start; i < end; i++) {
                        keys[i] = key((int) keys[i], depth + 3, keyOf);
                    }
                    sort(keys, start, end, depth + 3, keyOf);
                }
            }
            start = end;
        }
    }

    private void sortBySight(long[] keys, int from, int to, int[] keyOf) {
        Long[] few = new Long[to - from];
        Arrays.setAll(few, i -> keys[from + i]);
        Arrays.sort(few, (a, b) -> compare((int) (long) a, (int) (long) b, keyOf));
        for (int i = from; i < to; i++) {
            keys[i] = few[i - from];
        }
    }

    private int compare(int a, int b, int[] keyOf) {
        int at = Arrays.mismatch(bytes, starts[a], end(a), bytes, starts[b], end(b));
        if (at < 0) {
            return 0;
        }
        int left = starts[a] + at < end(a) ? keyOf[bytes[starts[a] + at] & 0xFF] : 0;
        int right = starts[b] + at < end(b) ? keyOf[bytes[starts[b] + at] & 0xFF] : 0;
        return Integer.compare(left, right);
    }

    /** Writes the counts sorted by word. */
    public void write(Path file) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            out.writeInt(WordRuns.MAGIC);
            for (int i : sortedIndices()) {
                WordRuns.write(out, bytes, starts[i], end(i), counts[i]);
            }
        }
    }

    /** Writes the counts with the words put into the byte alphabet, sorted as they are then: without a second table. */
    void writeInByteAlphabet(Path file) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            out.writeInt(WordRuns.MAGIC);
            for (int i : sortedIndices(ByteAlphabet::charOf)) {
                byte[] word = ByteAlphabet.encode(bytes, starts[i], end(i)).getBytes(StandardCharsets.UTF_8);
                WordRuns.write(out, word, 0, word.length, counts[i]);
            }
        }
    }

    /** Adds the counts of a file that {@link #write} wrote. */
    public void read(Path file) throws IOException {
        new WordRuns(List.of(file)).forEach(this::add);
    }

    private int end(int index) {
        return index + 1 == size ? bytesUsed : starts[index + 1];
    }

    private void append(byte[] word, int from, int to, long count) {
        int length = to - from;
        if (bytes.length - bytesUsed < length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytesUsed + length, (int) Math.min(bytes.length * 2L, 0x7FFFFFF0L)));
        }
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        System.arraycopy(word, from, bytes, bytesUsed, length);
        starts[size] = bytesUsed;
        counts[size] = count;
        bytesUsed += length;
        size++;
    }

    private void rehash() {
        long[] old = table;
        table = new long[old.length * 2];
        int mask = table.length - 1;
        for (int i = 0; i < size; i++) {
            long hash = hash(bytes, starts[i], end(i));
            int slot = (int) hash & mask;
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = hash & 0xFFFFFFFF00000000L | (i + 1);
        }
    }

    private static long hash(byte[] b, int from, int to) {
        long h = to - from;
        for (int i = from; i < to; i++) {
            h = (h ^ (b[i] & 0xFF)) * 0x100000001B3L;
        }
        h *= 0x9E3779B97F4A7C15L;
        return h ^ h >>> 29;
    }
}
