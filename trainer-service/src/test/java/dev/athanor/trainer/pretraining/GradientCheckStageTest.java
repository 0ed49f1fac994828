package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.GradientCheckSpec;
import dev.athanor.stage.testing.StageRunner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class GradientCheckStageTest {

    @TempDir
    Path folder;

    @Test
    void aConfigurationIsCheckedBeforeItIsTrained() throws Exception {
        var store = new LocalArtifactStore(folder);
        GradientCheckSpec spec = (GradientCheckSpec) StageType.GRADIENT_CHECK.readSpec(Json.MAPPER.readTree("""
                {"samples": 1, "model": {"style": "gpt2", "layers": 2, "heads": 4, "keyValueHeads": 2, "width": 64,
                 "activation": "geglu", "attention": [{"kind": "sliding-window", "window": 8, "globals": 0, "randoms": 0, "positions": "relative"}],
                 "experts": {"count": 4, "perToken": 2}}}
                """));
        var result = StageRunner.of(new GradientCheckStage(), store).spec(spec).run();
        try (var json = store.open(result.manifest().file("report.json"));
                var markdown = store.open(result.manifest().file("report.md"))) {
            JsonNode report = Json.MAPPER.readTree(json.readAllBytes());
            assertThat(report.get("passed").asBoolean()).as(report.toString()).isTrue();
            assertThat(report.get("checked").asString())
                    .contains("GEGLU", "SLIDING_WINDOW", "RELATIVE", "keyValueHeads=2");
            assertThat(report.get("coordinates")
                            .valueStream()
                            .map(c -> c.get("parameter").asString()))
                    .contains("layers.1.feedforward.experts.3.in.weight", "layers.0.attention.relative.weight");
            assertThat(new String(markdown.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("# Gradient check: passed\n");
        }
    }

    @Test
    void theHeadsAndTheWayOfTrainingAreCheckedToo() throws Exception {
        var store = new LocalArtifactStore(folder);
        GradientCheckSpec spec = (GradientCheckSpec) StageType.GRADIENT_CHECK.readSpec(Json.MAPPER.readTree("""
                {"samples": 1, "model": {"preset": "bert-1m"}, "nextSentenceHead": true, "documentMasks": true, "recompute": true}
                """));
        var result = StageRunner.of(new GradientCheckStage(), store).spec(spec).run();
        try (var json = store.open(result.manifest().file("report.json"))) {
            JsonNode report = Json.MAPPER.readTree(json.readAllBytes());
            assertThat(report.get("passed").asBoolean()).as(report.toString()).isTrue();
            assertThat(report.get("checked").asString()).contains("documents=true", "recompute=true");
            assertThat(report.get("coordinates")
                            .valueStream()
                            .map(c -> c.get("parameter").asString()))
                    .contains("pooler.weight", "next_sentence.bias");
        }
    }
}
