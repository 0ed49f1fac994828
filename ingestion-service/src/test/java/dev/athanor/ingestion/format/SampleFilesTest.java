package dev.athanor.ingestion.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every real sample is read or dead-lettered with a reason, as docs/reference/formats.md has it in a table. */
class SampleFilesTest {

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
                Read read = Read.file(sample.name(), sample.bytes(), FuzzRun.LIMITS);
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
        // The table of the documentation is this one.
        assertThat(Files.readString(documentation())).contains(table);
        Path report = Path.of("target", "sample-files.md");
        Files.createDirectories(report.getParent());
        Files.writeString(report, table + "\nFiles without any document:\n\n" + String.join("\n", unread) + "\n");
    }

    private static Path documentation() {
        Path page = Path.of("docs", "reference", "formats.md");
        return Files.exists(page) ? page : Path.of("..").resolve(page);
    }
}
