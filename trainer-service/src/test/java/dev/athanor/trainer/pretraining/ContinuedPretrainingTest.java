package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.format.SpecialIds;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.trainer.models.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training goes on from a model that is there. */
class ContinuedPretrainingTest {

    private static final String TWO_STEPS = """
            "steps": 2, "batchSize": 4, "precision": "fp32", "device": "cpu", "learningRate": 1e-9, "warmupSteps": 0,
            "validateEverySteps": 0, "checkpointEverySteps": 0""";

    @TempDir
    Path folder;

    private LocalArtifactStore store;
    private ArtifactId tokens;
    private ArtifactId tokenizer;

    @BeforeEach
    void open() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
        var artifacts = new TokenArtifacts(store, folder);
        tokens = artifacts.tokens(3, 40);
        tokenizer = artifacts.tokenizer();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theModelThatIsGivenIsTrainedOn() throws Exception {
        ModelConfig config = ModelConfig.gpt2(60, 16, 1, 2, 16).build();
        ArtifactId model = model(config, tokenizer);
        for (String style : List.of("", "\"model\": {\"style\": \"input\"}, ")) {
            Manifest trained = run("{" + style + TWO_STEPS + "}", model).manifest();
            try (LanguageModel after = load(trained);
                    LanguageModel before = LanguageModel.create(config, 3, Device.cpu())) {
                assertThat(after.config()).isEqualTo(before.config());
                assertThat(after.specialIds()).isEqualTo(new SpecialIds(7, List.of(8), null));
                float[] expected = before.parameter("tokens.weight").toFloatArray();
                float[] actual = after.parameter("tokens.weight").toFloatArray();
                for (int i = 0; i < expected.length; i++) {
                    assertThat(actual[i]).isCloseTo(expected[i], within(1e-6f));
                }
            }
            assertThat(trained.inputs()).containsEntry("model", model);
            assertThat(trained.licences()).containsExactlyInAnyOrder("MIT", "CC0-1.0");
        }
    }

    @Test
    void trainingInTwoJobsComesDownFurtherThanTheFirst() throws Exception {
        String steps = """
                {"steps": 30, "batchSize": 4, "precision": "fp32", "device": "cpu", "learningRate": 0.01, "warmupSteps": 2%s}""";
        StageRunner.Result first = runner(
                        steps.formatted(
                                ", \"model\": {\"style\": \"llama\", \"layers\": 1, \"heads\": 2, \"width\": 16, \"context\": 16}"))
                .run();
        StageRunner.Result second =
                runner(steps.formatted("")).input("model", first.artifact()).run();
        assertThat(losses(second).getFirst()).isLessThan(losses(first).getFirst() - 0.3);
        Manifest disturbed = runner(steps.formatted(""))
                .input("model", first.artifact())
                .disturbed(3)
                .run()
                .manifest();
        assertThat(disturbed.files()).isEqualTo(second.manifest().files());
        assertThat(disturbed).isEqualTo(second.manifest());
    }

    @Test
    void whatDoesNotFitTheModelIsRefused() throws Exception {
        ArtifactId model = model(ModelConfig.gpt2(60, 16, 1, 2, 16).build(), tokenizer);
        refused("{\"model\": {\"layers\": 3}, " + TWO_STEPS + "}", model, "model", "beside an input model");
        refused(
                "{\"model\": {\"style\": \"input\"}, \"objective\": {\"kind\": \"masked\"}}",
                model,
                "objective",
                "a decoder");
        ArtifactId bert = model(ModelConfig.bert(60, 16, 1, 2, 16).build(), tokenizer);
        refused("{}", bert, "objective", "an encoder");
        ArtifactId small = model(ModelConfig.gpt2(49, 16, 1, 2, 16).build(), tokenizer);
        refused("{" + TWO_STEPS + "}", small, "ids below 50", "vocabulary of 49");
        var file = new ArtifactFile("tokenizer.json", store.put(new byte[] {'{', ' ', '}'}));
        ArtifactId other = publish(ArtifactKind.TOKENIZER, List.of(file));
        ArtifactId foreign = model(ModelConfig.gpt2(60, 16, 1, 2, 16).build(), other);
        refused("{" + TWO_STEPS + "}", foreign, "inputs.tokenizer", "tokenizer of the input model");
        assertThatThrownBy(() -> runner("{\"model\": {\"style\": \"input\"}}").run())
                .hasMessageContaining("model.style")
                .hasMessageContaining("without an input model");
    }

    @Test
    void aLossThatRunsAwayIsNoFaultOfTheSpecification() {
        assertThatThrownBy(() -> runner("""
                        {"steps": 60, "batchSize": 4, "precision": "fp32", "device": "cpu", "learningRate": 10, "warmupSteps": 0,
                         "clipNorm": 0, "checkpointEverySteps": 0, "weightDecay": 10, "schedule": "constant",
                         "model": {"style": "gpt2", "layers": 2, "heads": 2, "width": 16, "context": 16, "initializerRange": 10}}""").run())
                .isInstanceOf(AthanorException.class)
                .satisfies(e -> assertThat(((AthanorException) e).code()).isEqualTo(ErrorCode.TRAINING_DIVERGED));
    }

    private void refused(String spec, ArtifactId model, String field, String expected) {
        assertThatThrownBy(() -> run(spec, model))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining(field)
                .hasMessageContaining(expected);
    }

    private ArtifactId model(ModelConfig config, ArtifactId itsTokenizer) throws IOException {
        BlobRef json = store.manifest(itsTokenizer).file("tokenizer.json");
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu())) {
            var ids = new SpecialIds(7, List.of(8), null);
            Path place = Files.createTempDirectory(folder, "model");
            return publish(ArtifactKind.LANGUAGE_MODEL, ModelFiles.store(store, place, model, ids, json));
        }
    }

    private ArtifactId publish(ArtifactKind kind, List<ArtifactFile> files) throws IOException {
        return store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(), Json.tree(Map.of()), 1, "test", List.of("MIT")));
    }

    private LanguageModel load(Manifest manifest) throws IOException {
        Path place = Files.createTempDirectory(folder, "trained");
        for (ArtifactFile file : manifest.files()) {
            Files.copy(store.local(file.blob()), place.resolve(file.name()));
        }
        return LanguageModel.load(place, Device.cpu());
    }

    private StageRunner.Result run(String spec, ArtifactId model) throws IOException, InterruptedException {
        return runner(spec).input("model", model).run();
    }

    private StageRunner<PretrainSpec> runner(String spec) {
        return StageRunner.of(new PretrainStage(new TrainingListener() {}, new SoloGroups()), store)
                .spec((PretrainSpec) StageType.PRETRAIN.readSpec(Json.MAPPER.readTree(spec)))
                .input("tokens", tokens)
                .input("tokenizer", tokenizer)
                .seed(5);
    }

    private static List<Double> losses(StageRunner.Result result) {
        return result.metrics().stream()
                .filter(p -> p.name().equals("loss"))
                .map(MetricPoint::value)
                .toList();
    }
}
