package dev.athanor.tokenizers.training;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How often each word occurs: an open-addressed hash table with the words' bytes in one array. Counts of parts of a corpus can be
 * made apart and {@linkplain #addAll added up}; whatever the order, the same words have the same counts. Not thread-safe.
 */
public final class WordCounts {

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
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(bytes, starts[a], end(a), bytes, starts[b], end(b)));
        return Arrays.stream(order).mapToInt(i -> i).toArray();
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
