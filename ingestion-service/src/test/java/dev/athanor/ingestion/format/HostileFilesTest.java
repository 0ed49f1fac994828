package dev.athanor.ingestion.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Files made to do harm, and damaged ones of every format, in a JVM with little memory. */
class HostileFilesTest {

    /** Variants of the samples; {@code -Dathanor.fuzz=2000} for the whole. */
    private static final int VARIANTS = Integer.getInteger("athanor.fuzz", 250);

    @Test
    void wellFormedOnesAreRead() throws IOException {
        for (Sample sample : Crafted.wellFormed()) {
            Read read = Read.file(sample.name(), sample.bytes(), FuzzRun.LIMITS);
            assertThat(read.documents).as(sample.name()).isNotEmpty();
            assertThat(read.deadLetters).as(sample.name()).isEmpty();
        }
    }

    @Test
    void noneDoesHarm() throws IOException {
        Map<String, Read> reads = new HashMap<>();
        for (Sample sample : Crafted.hostile()) {
            long start = System.nanoTime();
            Read read = Read.file(sample.name(), sample.bytes(), FuzzRun.LIMITS);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as(sample.name())
                    .isLessThan(FuzzRun.PER_FILE.multipliedBy(2));
            assertThat(read.documents.size() + read.deadLetters.size())
                    .as(sample.name())
                    .isPositive();
            // No entity grows, and none brings in what stands elsewhere.
            assertThat(read.texts()).as(sample.name()).allSatisfy(text -> {
                assertThat(text.length()).isLessThan(16 << 20);
                assertThat(text).doesNotContain("lollol", "root:");
            });
            reads.put(sample.name(), read);
        }
        assertThat(reads.get("bomb.zip").reasons).contains(DeadLetterReason.EXPANSION_LIMIT);
        assertThat(reads.get("bomb.pdf").reasons).containsExactly(DeadLetterReason.EXPANSION_LIMIT);
        assertThat(reads.get("bomb2.pdf").reasons).containsExactly(DeadLetterReason.EXPANSION_LIMIT);
        assertThat(reads.get("bomb3.pdf").reasons).containsExactly(DeadLetterReason.EXPANSION_LIMIT);
        assertThat(reads.get("headless.pdf").reasons).containsExactly(DeadLetterReason.EXPANSION_LIMIT);
        assertThat(reads.get("nested.zip").reasons).contains(DeadLetterReason.NESTING_LIMIT);
        // Entries are read under their names and never written by them.
        assertThat(reads.get("slip.zip").texts()).contains("up", "root");
        assertThat(Path.of("/tmp/slipped.txt")).doesNotExist();
        assertThat(Path.of("/etc/slipped.txt")).doesNotExist();
        assertThat(Path.of("slipped.txt")).doesNotExist();
    }

    /** All real samples and the crafted ones, cut off and changed; 256 MB of heap with documents of at most 16 MB. */
    @Test
    void damagedVariantsNeitherCrashNorHangNorFillTheMemory() throws Exception {
        dev.athanor.ingestion.SharedData.folder("warc");
        Path log = Files.createTempFile("fuzz", ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FuzzRun.class.getName(),
                        Integer.toString(VARIANTS),
                        "7")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(15, TimeUnit.MINUTES);
        process.destroyForcibly();
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        Files.delete(log);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        System.out.println(said.lines().reduce((a, b) -> b).orElse(""));
    }
}
