package dev.athanor.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.json.SpecReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticDataTest {

    @TempDir
    Path folder;

    @Test
    void equalSeedsGiveEqualBytesAndOtherSeedsOthers() throws IOException {
        Map<String, String> first = hashes(SyntheticData.write(folder.resolve("a"), 7, 200));
        assertThat(hashes(SyntheticData.write(folder.resolve("b"), 7, 200))).isEqualTo(first);
        assertThat(hashes(SyntheticData.write(folder.resolve("c"), 8, 200))).isNotEqualTo(first);
    }

    @Test
    void noReviewIsInTwoSplitsAndTheClassesAreBalanced() throws IOException {
        Path sentiment = SyntheticData.write(folder, 7, 100).resolve("sentiment");
        var seen = new HashSet<String>();
        for (String split : List.of("train.csv", "dev.csv", "test.csv")) {
            List<String> rows = Files.readAllLines(sentiment.resolve(split)).stream()
                    .skip(1)
                    .toList();
            assertThat(rows).allMatch(seen::add, "no text twice");
            var counts = rows.stream()
                    .collect(Collectors.groupingBy(r -> r.substring(r.lastIndexOf(',') + 1), Collectors.counting()));
            assertThat(counts).containsOnlyKeys("negative", "neutral", "positive");
            assertThat(counts.values()).allMatch(n -> n == rows.size() / 3);
        }
    }

    @Test
    void theGatewaysRulesAcceptThePipelines() {
        for (var settings : List.of(PipelineTemplate.synthetic(folder, 1, 0), PipelineTemplate.real(folder, 1, 20))) {
            JobSpec job = SpecReader.read(Json.tree(PipelineTemplate.job(settings)), JobSpec.class);
            assertThat(job.stages()).hasSize(settings.reportValidation() ? 11 : 10);
        }
    }

    private static Map<String, String> hashes(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(
                            f -> root.relativize(f).toString(),
                            f -> {
                                try {
                                    return Json.sha256Hex(Files.readAllBytes(f));
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            },
                            (x, y) -> x,
                            TreeMap::new));
        }
    }
}
