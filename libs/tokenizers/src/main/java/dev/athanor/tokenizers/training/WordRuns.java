package dev.athanor.tokenizers.training;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Files of word counts, each sorted by word as {@link WordCounts#write} leaves it, read together in the order of words: memory holds
 * one word of each file.
 */
public final class WordRuns {

    static final int MAGIC = 0x41574331; // AWC1

    private static final int MAX_WORD_BYTES = 1 << 28;
    private static final int MEMORY_FOR_BUFFERS = 32 << 20;

    private final List<Path> files;

    public WordRuns(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /** Takes a word and its count, and may fail to write them. The bytes are to be read during the call only. */
    @FunctionalInterface
    public interface Visitor {
        void visit(byte[] bytes, int from, int to, long count) throws IOException;
    }

    /** Visits each word once, in the order of unsigned bytes, with the sum of its counts. */
    public void forEach(Visitor visitor) throws IOException {
        List<Run> open = new ArrayList<>();
        try {
            PriorityQueue<Run> queue = new PriorityQueue<>();
            int buffer = Math.clamp(MEMORY_FOR_BUFFERS / Math.max(1, files.size()), 1 << 12, 1 << 16);
            for (Path file : files) {
                Run run = new Run(file, buffer);
                open.add(run);
                if (run.next()) {
                    queue.add(run);
                }
            }
            merge(queue, visitor);
        } finally {
            for (Run run : open) {
                run.close();
            }
        }
    }

    private static void merge(PriorityQueue<Run> queue, Visitor visitor) throws IOException {
        byte[] word = new byte[64];
        while (!queue.isEmpty()) {
            Run first = queue.poll();
            int length = first.length;
            word = word.length < length ? new byte[length * 2] : word;
            System.arraycopy(first.word, 0, word, 0, length);
            long count = first.count;
            if (first.next()) {
                queue.add(first);
            }
            for (Run same = queue.peek(); same != null && same.isAt(word, length); same = queue.peek()) {
                queue.poll();
                count = Math.addExact(count, same.count);
                if (same.next()) {
                    queue.add(same);
                }
            }
            visitor.visit(word, 0, length, count);
        }
    }

    /** Writes the sums to one file of the same form. */
    public void mergeTo(Path target) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(target), 1 << 16))) {
            out.writeInt(MAGIC);
            forEach((word, from, to, count) -> write(out, word, from, to, count));
        }
    }

    static void write(DataOutputStream out, byte[] word, int from, int to, long count) throws IOException {
        out.writeInt(to - from);
        out.write(word, from, to - from);
        out.writeLong(count);
    }

    /** One file and the word that it is at. */
    private static final class Run implements Comparable<Run>, Closeable {

        private final Path file;
        private final DataInputStream in;
        private byte[] word = new byte[64];
        private int length;
        private long count;

        Run(Path file, int buffer) throws IOException {
            this.file = file;
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), buffer));
            if (in.readInt() != MAGIC) {
                throw new IOException(file + ": not a word count file");
            }
        }

        boolean next() throws IOException {
            try {
                length = in.readInt();
            } catch (EOFException end) {
                return false;
            }
            if (length < 0 || length > MAX_WORD_BYTES) {
                throw new IOException(file + ": a word of " + length + " bytes");
            }
            word = word.length < length ? new byte[length * 2] : word;
            in.readFully(word, 0, length);
            count = in.readLong();
            return true;
        }

        boolean isAt(byte[] other, int otherLength) {
            return Arrays.equals(word, 0, length, other, 0, otherLength);
        }

        @Override
        public int compareTo(Run other) {
            return Arrays.compareUnsigned(word, 0, length, other.word, 0, other.length);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
