package dev.athanor.ingestion.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.ingestion.content.DeadLetterReason;
import dev.athanor.ingestion.content.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every real sample is read or dead-lettered with a reason; so are variants of them that are cut off or damaged. */
class SampleFilesTest {

    private static final Duration PER_FILE = Duration.ofSeconds(60);
    private static final Limits LIMITS = new Limits(64 << 20, 16 << 20, 250, 6, PER_FILE);

    @Test
    void everySampleIsReadOrDeadLettered() throws IOException {
        var table = new StringBuilder(
                "| set | files | files with documents | documents | dead letters by reason |\n|---|---|---|---|---|\n");
        List<String> unread = new ArrayList<>();
        for (String set : Sample.SETS) {
            List<Sample> samples = Sample.of(set);
            int readable = 0;
            int documents = 0;
            var reasons = new TreeMap<DeadLetterReason, Integer>();
            for (Sample sample : samples) {
                Read read = Read.file(sample.name(), sample.bytes(), LIMITS);
                assertThat(read.documents.size() + read.deadLetters.size())
                        .as(sample.name())
                        .isPositive();
                readable += read.documents.isEmpty() ? 0 : 1;
                documents += read.documents.size();
                read.reasons.forEach(r -> reasons.merge(r, 1, Integer::sum));
                if (read.documents.isEmpty()) {
                    unread.add(set + " " + sample.name() + ": " + read.deadLetters);
                }
                assertThat(read.reasons).as(sample.name()).doesNotContain(DeadLetterReason.TIMEOUT);
            }
            var byReason = new StringBuilder();
            reasons.forEach((r, n) -> byReason.append(byReason.isEmpty() ? "" : ", ")
                    .append(n)
                    .append(' ')
                    .append(r.slug()));
            table.append("| ")
                    .append(set)
                    .append(" | ")
                    .append(samples.size())
                    .append(" | ")
                    .append(readable)
                    .append(" | ")
                    .append(documents)
                    .append(" | ")
                    .append(byReason)
                    .append(" |\n");
        }
        Path report = Path.of("target", "sample-files.md");
        Files.createDirectories(report.getParent());
        Files.writeString(report, table + "\nFiles without any document:\n\n" + String.join("\n", unread) + "\n");
    }

    @Test
    void damagedVariantsNeverCrashOrHang() throws IOException {
        List<Sample> samples = Sample.all();
        var random = new Random(7);
        var slow = new TreeSet<String>();
        int documents = 0;
        int deadLetters = 0;
        int variants = 2000;
        for (int i = 0; i < variants; i++) {
            Sample sample = samples.get(i % samples.size());
            byte[] damaged = damage(sample.bytes(), random);
            long start = System.nanoTime();
            Read read = Read.file(sample.name(), damaged, LIMITS);
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            if (took.compareTo(PER_FILE.multipliedBy(3)) > 0) {
                slow.add(sample.set() + "/" + sample.name() + " " + took);
            }
            documents += read.documents.size();
            deadLetters += read.deadLetters.size();
        }
        assertThat(slow).as("files beyond three times their time limit").isEmpty();
        assertThat(deadLetters).isPositive();
        assertThat(documents).isPositive();
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
