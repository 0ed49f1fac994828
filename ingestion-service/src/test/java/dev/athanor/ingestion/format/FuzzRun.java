package dev.athanor.ingestion.format;

import dev.athanor.ingestion.content.Limits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Reads damaged variants in a JVM of its own, whose heap is the bound on memory: {@code main} with the number of variants and
 * a seed. Ends with 0 and a line of counts, or with 1 and the file that was too much.
 */
final class FuzzRun {

    static final Duration PER_FILE = Duration.ofSeconds(60);
    static final Limits LIMITS = new Limits(64 << 20, 16 << 20, 250, 6, PER_FILE);

    private FuzzRun() {}

    public static void main(String[] args) throws Exception {
        int variants = Integer.parseInt(args[0]);
        var random = new Random(Long.parseLong(args[1]));
        List<Sample> samples = Sample.all();
        long documents = 0;
        long deadLetters = 0;
        long slowest = 0;
        String slowestFile = "";
        // Every so many samples when there are more samples than variants, so that all sets are among them.
        for (int i = 0; i < variants; i++) {
            Sample sample = samples.get((int) ((long) i * 7919 % samples.size()));
            byte[] damaged = damage(sample.bytes(), random);
            long start = System.nanoTime();
            try {
                Read read = Read.file(sample.name(), damaged, LIMITS);
                documents += read.documents.size();
                deadLetters += read.deadLetters.size();
            } catch (Throwable e) {
                System.out.println("FAILED " + sample.set() + "/" + sample.name() + " variant " + i + ": " + e);
                e.printStackTrace(System.out);
                System.exit(1);
            }
            long took = System.nanoTime() - start;
            if (took > slowest) {
                slowest = took;
                slowestFile = sample.set() + "/" + sample.name();
            }
        }
        System.out.printf(
                "%d variants: %d documents, %d dead letters; slowest %d ms (%s); heap of at most %d MB%n",
                variants,
                documents,
                deadLetters,
                slowest / 1_000_000,
                slowestFile,
                Runtime.getRuntime().maxMemory() >> 20);
        System.exit(slowest > PER_FILE.multipliedBy(2).toNanos() || documents == 0 || deadLetters == 0 ? 1 : 0);
    }

    private static byte[] damage(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        if (damaged.length == 0) {
            return damaged;
        }
        switch (random.nextInt(4)) {
            case 0 -> damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            case 1 -> {
                for (int k = 0; k < 1 + damaged.length / 500; k++) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
            }
            case 2 -> {
                int from = random.nextInt(damaged.length);
                Arrays.fill(damaged, from, Math.min(damaged.length, from + 1 + random.nextInt(2000)), (byte)
                        random.nextInt());
            }
            default -> {
                // A piece of it twice, as when a download was resumed at the wrong place.
                int cut = random.nextInt(damaged.length);
                int back = random.nextInt(cut + 1);
                byte[] longer = new byte[cut + damaged.length - back];
                System.arraycopy(damaged, 0, longer, 0, cut);
                System.arraycopy(damaged, back, longer, cut, damaged.length - back);
                damaged = longer;
            }
        }
        return damaged;
    }
}
