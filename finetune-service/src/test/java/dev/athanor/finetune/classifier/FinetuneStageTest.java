package dev.athanor.finetune.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.artifacts.shards.LabelledShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.FinetuneSpec;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.testing.TinyModels;
import dev.athanor.lm.train.Precision;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class FinetuneStageTest {

    private static final List<String> GOOD = List.of("good", "lovely", "fine", "great");
    private static final List<String> BAD = List.of("bad", "awful", "dull", "poor");
    private static final List<String> THINGS = List.of("film", "plot", "cast", "music");

    @TempDir
    Path folder;

    private LocalArtifactStore store;
    private ArtifactId model;
    private ArtifactId examples;

    @BeforeEach
    void inputs() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
        var random = new Random(5);
        List<LabelledExample> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            boolean good = random.nextBoolean();
            String word = (good ? GOOD : BAD).get(random.nextInt(4));
            String text = "the " + THINGS.get(random.nextInt(4)) + " was " + word + " and the "
                    + THINGS.get(random.nextInt(4)) + " was " + (good ? GOOD : BAD).get(random.nextInt(4));
            all.add(new LabelledExample("e" + i, text, good ? "positive" : "negative", Split.TRAIN));
        }
        Path shard = folder.resolve("train.jsonl.zst");
        try (var writer = new LabelledShardWriter(shard)) {
            for (LabelledExample example : all) {
                writer.write(example);
            }
        }
        examples = publish(
                ArtifactKind.LABELLED_EXAMPLES, List.of(new ArtifactFile("train/00000.jsonl.zst", store.put(shard))));
        Path files = TinyModels.languageModel(
                folder.resolve("lm"), all.stream().map(LabelledExample::text).toList());
        List<ArtifactFile> modelFiles = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            modelFiles.add(new ArtifactFile(name, store.put(files.resolve(name))));
        }
        model = publish(ArtifactKind.LANGUAGE_MODEL, modelFiles);
    }

    private ArtifactId publish(ArtifactKind kind, List<ArtifactFile> files) throws IOException {
        return store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(), Json.tree(Map.of()), 1, "test", List.of("CC0-1.0")));
    }

    private static FinetuneSpec spec(int epochs, double maxMinutes, int patience) {
        return new FinetuneSpec(
                epochs, maxMinutes, patience, 32, 32, 3e-3, 0.1, 0.01, 0.1, 1.0, "macro-f1", "bf16", "cpu");
    }

    private StageRunner<FinetuneSpec> runner(Stage<FinetuneSpec> stage, FinetuneSpec spec) {
        return StageRunner.of(stage, store)
                .spec(spec)
                .input("model", model)
                .input("examples", examples)
                .seed(7);
    }

    @Test
    void learnsTheWordsAndWritesWhatServingNeeds() throws Exception {
        var result = runner(new FinetuneStage(), spec(6, 0, 6)).run();
        Manifest manifest = result.manifest();
        assertThat(manifest.files())
                .extracting(ArtifactFile::name)
                .containsExactly("config.json", "finetune.json", "model.safetensors", "tokenizer.json");
        assertThat(manifest.counts()).containsEntry("examples.validation", 40L).containsEntry("epochs", 6L);
        assertThat(manifest.licences()).containsExactly("CC0-1.0");
        assertThat(result.metrics())
                .extracting(MetricPoint::name)
                .contains("loss", "learning_rate", "validation_accuracy", "validation_macro_f1");

        Path files = ArtifactFolder.link(store, manifest, folder.resolve("classifier"));
        try (var classifier = TextClassifier.load(files, Device.cpu(), Precision.FP32)) {
            assertThat(classifier.labels()).containsExactly("negative", "positive");
            assertThat(classifier.model().maxTokens()).isEqualTo(32);
            float[][] p = classifier.predict(List.of("the film was awful", "the music was lovely"));
            assertThat(p[0][0]).isGreaterThan(0.9f);
            assertThat(p[1][1]).isGreaterThan(0.9f);
        }
        JsonNode history = Json.MAPPER.readTree(Files.readAllBytes(files.resolve("finetune.json")));
        assertThat(history.get("epochs").size()).isEqualTo(6);
        assertThat(history.get("epochs").get(5).get("accuracy").asDouble()).isGreaterThan(0.95);
    }

    @Test
    void killedAndRepeatedCallsGiveTheSameBytes() throws Exception {
        var calm = runner(new FinetuneStage(), spec(3, 0, 3)).run();
        var wild = runner(new FinetuneStage(), spec(3, 0, 3)).disturbed(3).run();
        assertThat(wild.artifact()).isEqualTo(calm.artifact());
    }

    @Test
    void aStoppedRunGoesOnFromItsLastEpochToTheSameBytes() throws Exception {
        var whole = runner(new FinetuneStage(), spec(4, 0, 4)).run();
        int perEpoch = (int) (whole.manifest().counts().get("steps") / 4);

        var stopped = new MortalStage(2 * perEpoch + 3);
        assertThatThrownBy(() -> runner(stopped, spec(4, 0, 4)).job("same").run())
                .hasMessage("killed");
        var resumed = new MortalStage(Integer.MAX_VALUE);
        var result = runner(resumed, spec(4, 0, 4)).job("same").run();
        assertThat(resumed.steps).as("two epochs are not repeated").hasValue(2 * perEpoch);
        assertThat(result.artifact()).isEqualTo(whole.artifact());
    }

    @Test
    void theTimeGivenLowersTheStepsAndTheChoiceIsKept() throws Exception {
        var spec = spec(10_000, 0.005, 10_000);
        var result = runner(new FinetuneStage(), spec).run();
        assertThat(result.manifest().counts().get("steps")).isBetween(1L, 50_000L);

        var files = new TrainingFiles(store.scratch("timed/stage/1/0"), Files.createDirectory(folder.resolve("w")));
        files.putPlannedSteps(17);
        assertThat(files.plannedSteps()).hasValue(17);
    }

    @Test
    void patienceEndsTraining() throws Exception {
        // A rate of 1e-9 changes no prediction: the first epoch stays the best.
        var spec = new FinetuneSpec(50, 0, 2, 32, 32, 1e-9, 0.1, 0, 0, 1, "accuracy", "fp32", "cpu");
        var result = runner(new FinetuneStage(), spec).run();
        assertThat(result.manifest().counts()).containsEntry("epochs", 3L);
    }

    /** The stage on a worker that dies in front of a step. */
    private static final class MortalStage implements Stage<FinetuneSpec> {
        final AtomicInteger steps = new AtomicInteger();
        private final FinetuneStage stage = new FinetuneStage();
        private final int limit;

        MortalStage(int limit) {
            this.limit = limit;
        }

        @Override
        public StageType type() {
            return stage.type();
        }

        @Override
        public List<TaskPlan> plan(StageContext<FinetuneSpec> context) {
            return stage.plan(context);
        }

        @Override
        @SuppressWarnings("unchecked")
        public TaskOutput execute(TaskContext<FinetuneSpec> context) throws IOException, InterruptedException {
            return stage.execute((TaskContext<FinetuneSpec>) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {TaskContext.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("checkStop") && steps.incrementAndGet() > limit) {
                            throw new IllegalStateException("killed");
                        }
                        return method.invoke(context, arguments);
                    }));
        }

        @Override
        public StageOutput merge(StageContext<FinetuneSpec> context) {
            return stage.merge(context);
        }
    }
}
