package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.testing.StageRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document unlike all others makes the loss jump where it comes up: the job leaves its batches out, and says so. */
class BreakdownTest {

    private static final String SPEC = """
            {"model": {"style": "llama", "layers": 1, "heads": 2, "keyValueHeads": 2, "width": 16, "context": 16},
             "steps": 280, "batchSize": 2, "precision": "fp32", "device": "cpu", "warmupSteps": 5, "learningRate": 0.02,
             "checkpointEverySteps": 20, "validateEverySteps": 0, "maxSkippedBatches": %d}""";

    @TempDir
    Path folder;

    @Test
    void aJobTellsThatItWentBack() throws Exception {
        try (var store = new LocalArtifactStore(folder.resolve("store"))) {
            var artifacts = new TokenArtifacts(store, folder);
            ArtifactId tokens = artifacts.tokensWithAStranger(450);
            List<Long> metered = new ArrayList<>();
            var meters = new TrainingListener() {
                @Override
                public void rolledBack(long brokenStep, long resumedStep, String reason) {
                    metered.add(brokenStep);
                }
            };
            var result = runner(store, artifacts, tokens, meters, 3).run();
            List<MetricPoint> told = result.metrics().stream()
                    .filter(point -> point.name().equals("rollback_steps"))
                    .toList();
            // Two windows hold a part of the document.
            assertThat(told)
                    .hasSizeBetween(1, 2)
                    .allSatisfy(point -> assertThat(point.value()).isBetween(1.0, 20.0));
            assertThat(metered)
                    .containsExactlyElementsOf(
                            told.stream().map(MetricPoint::step).toList());
            assertThat(result.manifest().counts()).containsEntry("batches.skipped", (long) told.size());
            assertThatThrownBy(() -> runner(store, artifacts, tokens, meters, 0).run())
                    .isInstanceOf(AthanorException.class)
                    .hasMessageContaining("0 batches were left out already");
        }
    }

    private static StageRunner<PretrainSpec> runner(
            LocalArtifactStore store, TokenArtifacts artifacts, ArtifactId tokens, TrainingListener meters, int skips)
            throws Exception {
        var spec = (PretrainSpec) StageType.PRETRAIN.readSpec(Json.MAPPER.readTree(SPEC.formatted(skips)));
        return StageRunner.of(new PretrainStage(meters, new SoloGroups()), store)
                .spec(spec)
                .input("tokens", tokens)
                .input("tokenizer", artifacts.tokenizer())
                .seed(5);
    }
}
