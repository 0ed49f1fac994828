package dev.athanor.benchmarks.tokenizers;

import dev.athanor.benchmarks.Benchmark;
import dev.athanor.benchmarks.Figures;
import dev.athanor.tokenizers.models.Bpe;
import dev.athanor.tokenizers.pretokenizers.ByteLevel;
import dev.athanor.tokenizers.training.BoundedWordCounts;
import dev.athanor.tokenizers.training.BpeTrainer;
import dev.athanor.tokenizers.training.SpillingWordCounter;
import dev.athanor.tokenizers.training.TrainerOptions;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordRuns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How much memory training on a large corpus takes: a text of {@code athanor.bench.gigabytes} (2 unless told otherwise) is made and
 * counted in shards of four gigabytes, as the tasks of {@code tokenizer.train} do, within its default {@code memoryMiB}; then the counts are
 * merged and a BPE of 30k is trained. The resident size of the process, as the kernel counts it, stands beside the size of the corpus.
 */
public final class TokenizerMemoryBench implements Benchmark {

    private static final double GIGABYTES = Double.parseDouble(System.getProperty("athanor.bench.gigabytes", "2"));
    private static final long MEMORY = Long.getLong("athanor.bench.memoryMiB", 2048) << 20;
    private static final long SHARD = 4_000_000_000L;
    private static final long REPORT_EVERY = 1_000_000_000;
    private static final double ALLOWED = 4.0;

    @Override
    public String name() {
        return "tokenizer-memory";
    }

    @Override
    public String description() {
        return "resident memory of tokenizer training by size of the corpus";
    }

    @Override
    public void run(Figures figures) throws Exception {
        Path folder = Files.createTempDirectory("athanor-bench");
        List<Path> shards = new ArrayList<>();
        try {
            measure(folder, shards, figures);
        } finally {
            for (Path shard : shards) {
                Files.deleteIfExists(shard);
            }
            Files.deleteIfExists(folder);
        }
    }

    private static void measure(Path folder, List<Path> shards, Figures figures) throws IOException {
        figures.note("memoryMiB " + (MEMORY >> 20) + ", heap at most "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        GrowingCorpus corpus = new GrowingCorpus(1);
        byte[] text = new byte[1 << 20];
        long all = (long) (GIGABYTES * 1e9);
        long read = 0;
        int spills = 0;
        long start = System.nanoTime();
        while (read < all) {
            var counter =
                    new SpillingWordCounter(new WordCounter(null, new ByteLevel(false, true, true)), folder, MEMORY);
            long end = Math.min(all, read + SHARD);
            while (read < end) {
                int n = corpus.fill(text);
                counter.count(new String(text, 0, n, StandardCharsets.US_ASCII));
                read += n;
                if (read / REPORT_EVERY > (read - n) / REPORT_EVERY) {
                    report("counted %.0f GB".formatted(read / 1e9), figures);
                }
            }
            spills += counter.spills();
            Path shard = folder.resolve(shards.size() + ".words");
            shards.add(shard);
            counter.finish(shard);
        }
        double counting = (System.nanoTime() - start) / 1e9;
        figures.plain("counting, with making the text", read / 1e6 / counting, "MB/s");
        figures.plain("runs written before the end of a shard", spills, "");
        BoundedWordCounts words = BoundedWordCounts.of(new WordRuns(shards), MEMORY);
        report("merged", figures);
        figures.plain("different words", words.words(), "");
        figures.plain("words trained on", words.counts().size(), "");
        figures.plain("left out: words that occur less often than", words.minCount(), "times");
        Bpe bpe = new BpeTrainer(TrainerOptions.bpe(30_000).withByteAlphabet()).train(words.counts());
        figures.plain("merges learnt", bpe.merges().size(), "");
        report("trained", figures);
        figures.plain("all of it", (System.nanoTime() - start) / 1e9, "s");
    }

    private static void report(String what, Figures figures) throws IOException {
        figures.lowerIsBetter(what + ": resident at most so far", peak(), "GB", "allowed", ALLOWED);
    }

    /** The most that the process has had in memory so far, heap and all else. */
    private static double peak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return Double.NaN;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024 / 1e9)
                .findFirst()
                .orElse(Double.NaN);
    }
}
