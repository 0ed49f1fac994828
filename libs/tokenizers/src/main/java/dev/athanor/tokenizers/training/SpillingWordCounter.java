package dev.athanor.tokenizers.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts words within a bound of memory: a table that has grown to the bound is written to a sorted run, and the runs are merged in
 * the end. The result is the same for every bound. Not thread-safe.
 */
public final class SpillingWordCounter {

    private final WordCounter counter;
    private final Path folder;
    private final long maxHeapBytes;
    private final List<Path> runs = new ArrayList<>();

    /**
     * @param folder for the runs, which are removed in the end
     * @param maxHeapBytes about as many bytes of heap the counts may take
     */
    public SpillingWordCounter(WordCounter counter, Path folder, long maxHeapBytes) {
        if (maxHeapBytes < 1) {
            throw new IllegalArgumentException("maxHeapBytes: " + maxHeapBytes + ", expected 1 or more");
        }
        this.counter = counter;
        this.folder = folder;
        this.maxHeapBytes = maxHeapBytes;
    }

    public void count(String text) throws IOException {
        counter.count(text);
        // Writing sorts, which takes about as much again as the table.
        if (counter.heapBytes() > maxHeapBytes / 2) {
            spill();
        }
    }

    private void spill() throws IOException {
        Path run = Files.createTempFile(folder, "words", ".run");
        counter.write(run);
        counter.clear();
        runs.add(run);
    }

    /** How many runs were written so far. */
    public int spills() {
        return runs.size();
    }

    /** Writes all counts to one sorted file, as {@link WordCounts#write} would have. */
    public void finish(Path target) throws IOException {
        if (runs.isEmpty()) {
            counter.write(target);
            return;
        }
        spill();
        new WordRuns(runs).mergeTo(target);
        for (Path run : runs) {
            Files.delete(run);
        }
        runs.clear();
    }
}
