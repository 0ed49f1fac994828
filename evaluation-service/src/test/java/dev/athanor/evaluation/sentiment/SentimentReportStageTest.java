package dev.athanor.evaluation.sentiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.artifacts.shards.LabelledShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.SentimentReportSpec;
import dev.athanor.lm.testing.TinyModels;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SentimentReportStageTest {

    private static final List<String> LABELS = List.of("negative", "positive");

    @TempDir
    Path folder;

    private LocalArtifactStore store;
    private ArtifactId examples;

    @BeforeEach
    void examples() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
        List<ArtifactFile> files = new ArrayList<>();
        for (Split split : Split.values()) {
            Path shard = folder.resolve(split.slug() + ".jsonl.zst");
            try (var writer = new LabelledShardWriter(shard)) {
                for (int i = 0; i < (split == Split.TRAIN ? 60 : 20); i++) {
                    writer.write(new LabelledExample(split.slug() + i, text(i), LABELS.get(i % 2), split));
                }
            }
            files.add(new ArtifactFile(split.slug() + "/00000.jsonl.zst", store.put(shard)));
        }
        examples = publish(ArtifactKind.LABELLED_EXAMPLES, files);
    }

    private static String text(int i) {
        return "the " + List.of("film", "plot", "cast").get(i % 3) + " was " + (i % 2 == 0 ? "awful" : "lovely");
    }

    private ArtifactId publish(ArtifactKind kind, List<ArtifactFile> files) throws IOException {
        return store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(), Json.tree(Map.of()), 1, "test", List.of("CC0-1.0")));
    }

    private ArtifactId classifier(List<String> labels, int passes) throws IOException {
        List<String> texts =
                IntStream.range(0, 12).mapToObj(SentimentReportStageTest::text).toList();
        int[] classes = IntStream.range(0, 12).map(i -> i % 2).toArray();
        Path made =
                TinyModels.classifier(folder.resolve("made-" + passes + labels.size()), labels, texts, classes, passes);
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            files.add(new ArtifactFile(name, store.put(made.resolve(name))));
        }
        return publish(ArtifactKind.CLASSIFIER, files);
    }

    private StageRunner.Result run(ArtifactId classifier) throws Exception {
        return StageRunner.of(new SentimentReportStage(), store)
                .spec(SentimentReportSpec.DEFAULTS)
                .input("classifier", classifier)
                .input("examples", examples)
                .disturbed(1)
                .run();
    }

    @Test
    void aTrainedModelAndTheBaselineAreBothRight() throws Exception {
        var result = run(classifier(LABELS, 60));
        JsonNode report = json(result.manifest(), "report.json");
        assertThat(report.at("/model/scores/accuracy").asDouble()).isEqualTo(1);
        assertThat(report.at("/baseline/scores/accuracy").asDouble()).isEqualTo(1);
        assertThat(report.at("/examples/train").asInt()).isEqualTo(60);
        assertThat(report.at("/model/scores/confusion/0/0").asInt()).isEqualTo(10);
        assertThat(report.get("errors").size()).isZero();
        assertThat(bytes(result.manifest(), "report.md")).contains("cannot be told apart");
        assertThat(run(classifier(LABELS, 60)).artifact()).isEqualTo(result.artifact());
    }

    @Test
    void anUntrainedModelIsWorseAndItsErrorsAreShown() throws Exception {
        var result = run(classifier(LABELS, 1));
        JsonNode report = json(result.manifest(), "report.json");
        assertThat(report.at("/model/scores/accuracy").asDouble()).isLessThan(0.8);
        assertThat(report.get("errors").size()).isPositive();
        assertThat(bytes(result.manifest(), "report.md")).contains("WORSE");
    }

    @Test
    void aModelOfOtherLabelsIsRefused() throws IOException {
        ArtifactId other = classifier(List.of("no", "yes"), 1);
        Assertions.assertThatThrownBy(() -> run(other)).hasMessageContaining("[negative, positive], got [no, yes]");
    }

    private JsonNode json(Manifest manifest, String name) throws IOException {
        return Json.MAPPER.readTree(bytes(manifest, name));
    }

    private String bytes(Manifest manifest, String name) throws IOException {
        try (var in = store.open(manifest.file(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
