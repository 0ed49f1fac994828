package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.CheckpointSpec;
import dev.athanor.contracts.spec.ExpertsSpec;
import dev.athanor.contracts.spec.ModelSpec;
import dev.athanor.contracts.spec.ObjectiveSpec;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainStageTest {

    @TempDir
    Path folder;

    private LocalArtifactStore store;
    private TokenArtifacts artifacts;
    private ArtifactId tokens;
    private ArtifactId tokenizer;

    @BeforeEach
    void open() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
        artifacts = new TokenArtifacts(store, folder);
        tokens = artifacts.tokens(3, 40);
        tokenizer = artifacts.tokenizer();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void killsAndRetriesGiveTheSameModel() throws Exception {
        ArtifactId calm = runner(spec("bf16", 30)).run().artifact();
        for (long disturbance = 1; disturbance <= 4; disturbance++) {
            var result = runner(spec("bf16", 30)).disturbed(disturbance).run();
            assertThat(result.artifact()).as("disturbance " + disturbance).isEqualTo(calm);
        }
    }

    @Test
    void theModelIsTrainedAndCanBeLoaded() throws Exception {
        var result = runner(spec("fp32", 40)).run();
        List<Double> losses = series(result.metrics(), "loss");
        assertThat(losses).hasSize(40);
        assertThat(losses.getLast()).isLessThan(losses.getFirst() - 0.5);
        assertThat(series(result.metrics(), "validation_loss")).hasSize(4);
        for (String name :
                List.of("lr", "grad_norm", "tokens_per_second", "mfu", "loss_average", "data_wait_seconds")) {
            assertThat(series(result.metrics(), name)).as(name).hasSize(40);
        }
        assertThat(series(result.metrics(), "energy_joules"))
                .hasSize(40)
                .allSatisfy(joules -> assertThat(joules).isNotNegative());
        assertThat(series(result.metrics(), "grad_norm.layers.0")).hasSize(8);
        assertThat(series(result.metrics(), "grad_variance.layers.0"))
                .hasSize(8)
                .allSatisfy(variance -> assertThat(variance).isPositive());
        // Every fifth step it is there anyway, and every tenth by itself.
        assertThat(series(result.metrics(), "grad_variance")).hasSize(8);
        assertThat(series(result.metrics(), "memory_bytes"))
                .hasSize(40)
                .allSatisfy(bytes -> assertThat(bytes).isGreaterThan(1e7));
        Path events = store.local(result.manifest().file("events.out.tfevents.0.athanor"));
        String readable = Files.readString(events, StandardCharsets.ISO_8859_1);
        assertThat(readable.split("loss_average", -1)).hasSize(41);
        assertThat(readable.split("validation_loss", -1)).hasSize(5);
        assertThat(readable).contains("grad_norm.tokens").doesNotContain("tokens_per_second");
        assertThat(result.manifest().kind()).isEqualTo(ArtifactKind.LANGUAGE_MODEL);
        assertThat(result.manifest().counts())
                .containsEntry("steps", 40L)
                .containsEntry("steps.handed-in", 40L)
                .containsEntry("batches.skipped", 0L)
                .containsEntry("tokens.trained", 40L * 4 * 16)
                .containsKey("parameters");
        Path model = Files.createDirectory(folder.resolve("model"));
        for (ArtifactFile file : result.manifest().files()) {
            Files.copy(store.local(file.blob()), model.resolve(file.name()));
        }
        assertThat(model.resolve("tokenizer.json")).hasContent("{}");
        try (var loaded = LanguageModel.load(model, Device.cpu())) {
            assertThat(loaded.config().vocabularySize()).isEqualTo(TokenArtifacts.VOCABULARY);
            assertThat(loaded.parameterCount())
                    .isEqualTo(result.manifest().counts().get("parameters"));
        }
    }

    @Test
    void theLoadOfExpertsIsAmongTheSeriesAndTheEvents() throws Exception {
        var spec = (PretrainSpec) StageType.PRETRAIN.readSpec(Json.MAPPER.readTree("""
                {"model": {"style": "llama", "layers": 1, "heads": 2, "keyValueHeads": 2, "width": 16, "context": 16,
                           "experts": {"count": 4, "perToken": 2}},
                 "steps": 10, "batchSize": 4, "precision": "fp32", "device": "cpu", "warmupSteps": 2,
                 "checkpointEverySteps": 3, "validateEverySteps": 0}"""));
        var result = runner(spec).run();
        // In fair shares: at least 1, at most all four experts' share.
        assertThat(series(result.metrics(), "expert_load_max"))
                .hasSize(10)
                .allSatisfy(load -> assertThat(load).isBetween(1.0, 4.0));
        assertThat(series(result.metrics(), "expert_utilization")).hasSize(10);
        Path events = store.local(result.manifest().file("events.out.tfevents.0.athanor"));
        assertThat(Files.readString(events, StandardCharsets.ISO_8859_1).split("expert_load_max", -1))
                .hasSize(11);
        assertThat(runner(spec).disturbed(2).run().artifact()).isEqualTo(result.artifact());
    }

    @Test
    void aSeedOfItsOwnGivesAModelOfItsOwn() throws Exception {
        ArtifactId one = runner(spec("fp32", 2)).run().artifact();
        ArtifactId other = runner(spec("fp32", 2)).seed(6).run().artifact();
        assertThat(store.manifest(one).file("model.safetensors"))
                .isNotEqualTo(store.manifest(other).file("model.safetensors"));
    }

    @Test
    void severalCorporaAreMixedInTheSharesAskedFor() throws Exception {
        ArtifactId other = artifacts.tokens(2, 30);
        PretrainSpec shares = withMixture(new TreeMap<>(Map.of("tokens", 1.0, "tokens-2", 3.0)));
        ArtifactId mixed = runner(shares).input("tokens-2", other).run().artifact();
        assertThat(runner(shares).input("tokens-2", other).disturbed(3).run().artifact())
                .isEqualTo(mixed);
        ArtifactId bySize = runner(withMixture(new TreeMap<>()))
                .input("tokens-2", other)
                .run()
                .artifact();
        assertThat(store.manifest(bySize).file("model.safetensors"))
                .isNotEqualTo(store.manifest(mixed).file("model.safetensors"));
        assertThatThrownBy(() -> runner(shares).run())
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("mixture")
                .hasMessageContaining("[tokens]");
    }

    private static PretrainSpec withMixture(TreeMap<String, Double> mixture) {
        PretrainSpec s = spec("fp32", 10);
        return new PretrainSpec(
                s.model(),
                s.policy(),
                10,
                0,
                4,
                "fp32",
                "cpu",
                2e-2,
                3,
                0.1,
                0.1,
                0.9,
                0.95,
                1.0,
                3,
                0,
                "cosine",
                0,
                1,
                CheckpointSpec.DEFAULTS,
                mixture,
                ObjectiveSpec.DEFAULTS,
                false,
                0,
                0,
                65_536,
                3);
    }

    @Test
    void aTooSmallCorpusIsRefusedWithTheReason() throws Exception {
        ArtifactId few = artifacts.tokens(1, 1);
        assertThatThrownBy(() -> StageRunner.of(new PretrainStage(new TrainingListener() {}, new SoloGroups()), store)
                        .spec(spec("fp32", 2, 1024))
                        .input("tokens", few)
                        .input("tokenizer", tokenizer)
                        .run())
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("do not fill one window of 1024");
    }

    private StageRunner<PretrainSpec> runner(PretrainSpec spec) {
        return StageRunner.of(new PretrainStage(new TrainingListener() {}, new SoloGroups()), store)
                .spec(spec)
                .input("tokens", tokens)
                .input("tokenizer", tokenizer)
                .seed(5);
    }

    private static PretrainSpec spec(String precision, int steps) {
        return spec(precision, steps, 16);
    }

    private static PretrainSpec spec(String precision, int steps, int context) {
        var model = new ModelSpec("llama", 1, 2, 1, 16, 0, context, 0, "", "", List.of(), "pre", 0, ExpertsSpec.NONE);
        return new PretrainSpec(
                model,
                PretrainSpec.DEFAULTS.policy(),
                steps,
                0,
                4,
                precision,
                "cpu",
                2e-2,
                Math.min(3, steps - 1),
                0.1,
                0.1,
                0.9,
                0.95,
                1.0,
                7,
                10,
                "cosine",
                0,
                1,
                CheckpointSpec.DEFAULTS,
                new TreeMap<>(),
                ObjectiveSpec.DEFAULTS,
                false,
                0,
                5,
                65_536,
                3);
    }

    private static List<Double> series(List<MetricPoint> points, String name) {
        return points.stream()
                .filter(p -> p.name().equals(name))
                .map(MetricPoint::value)
                .toList();
    }
}
