package dev.athanor.inference.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.inference.batching.BatchLimits;
import dev.athanor.inference.deployment.Prediction;
import dev.athanor.inference.deployment.ServedModel;
import dev.athanor.lm.testing.TinyModels;
import dev.athanor.lm.train.Precision;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a classifier artifact to answers. */
class ServingTest {

    private static final List<String> TEXTS = IntStream.range(0, 60)
            .mapToObj(i -> "the " + List.of("film", "plot", "cast").get(i % 3) + " was "
                    + (i % 2 == 0 ? "awful" : "lovely") + " and long".repeat(i % 7))
            .toList();

    @TempDir
    Path folder;

    private LocalArtifactStore store;
    private ArtifactId bundle;

    @BeforeEach
    void deploy() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
        int[] classes = IntStream.range(0, TEXTS.size()).map(i -> i % 2).toArray();
        Path made = TinyModels.classifier(folder.resolve("made"), List.of("negative", "positive"), TEXTS, classes, 40);
        bundle = StageRunner.of(new DeployStage(), store)
                .input("classifier", publish(made))
                .run()
                .artifact();
    }

    private ArtifactId publish(Path made) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            files.add(
                    new ArtifactFile(name, store.put(Files.copy(made.resolve(name), folder.resolve("copy-" + name)))));
        }
        return store.publish(new Manifest(
                ArtifactKind.CLASSIFIER,
                1,
                files,
                new TreeMap<>(),
                new TreeMap<>(Map.of("model", ArtifactId.ofSha256("a".repeat(64)))),
                Json.tree(Map.of()),
                1,
                "test",
                List.of("CC0-1.0")));
    }

    private ServedModel load(BatchLimits limits) throws IOException {
        return new BundleLoading(store, "cpu", Precision.FP32, limits, ServingListener.NONE).load(bundle);
    }

    private static long soon() {
        return System.nanoTime() + Duration.ofMinutes(1).toNanos();
    }

    @Test
    void theBundleHoldsTheModelAndTellsWhereItCameFrom() throws IOException {
        Manifest manifest = store.manifest(bundle);
        assertThat(manifest.kind()).isEqualTo(ArtifactKind.DEPLOYMENT_BUNDLE);
        assertThat(manifest.files())
                .extracting(ArtifactFile::name)
                .containsExactly("bundle.json", "config.json", "model.safetensors", "tokenizer.json");
        var description = Json.MAPPER.readValue(
                Files.readAllBytes(store.local(manifest.file("bundle.json"))), BundleDescription.class);
        assertThat(description.labels()).containsExactly("negative", "positive");
        assertThat(description.maxTokens()).isEqualTo(64);
        assertThat(description.lineage())
                .containsEntry("classifier", manifest.inputs().get("classifier"))
                .containsEntry("model", ArtifactId.ofSha256("a".repeat(64)));
    }

    @Test
    void concurrentTextsInBatchesAreAnsweredAsIfEachCameAlone() throws Exception {
        List<Prediction> alone = new ArrayList<>();
        try (ServedModel model = load(new BatchLimits(1, 1, Duration.ZERO, 100))) {
            for (String text : TEXTS) {
                alone.addAll(model.classify(List.of(text), soon()));
            }
        }
        assertThat(alone.get(0).label()).isEqualTo("negative");
        assertThat(alone.get(1).label()).isEqualTo("positive");
        try (ServedModel model = load(new BatchLimits(16, 600, Duration.ofMillis(2), 1000));
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Prediction>>> answers = IntStream.range(0, 20)
                    .mapToObj(i -> callers.submit(() -> model.classify(TEXTS.subList(3 * i, 3 * i + 3), soon())))
                    .toList();
            for (int i = 0; i < TEXTS.size(); i++) {
                Prediction together = answers.get(i / 3).get().get(i % 3);
                Prediction single = alone.get(i);
                assertThat(together.label()).isEqualTo(single.label());
                together.probabilities()
                        .forEach((label, p) ->
                                assertThat(p).isCloseTo(single.probabilities().get(label), within(1e-5)));
            }
        }
    }

    @Test
    void longTextsAreCutAndSayAsMuchAndEmptyOnesAreAnswered() throws IOException {
        try (ServedModel model = load(BatchLimits.DEFAULTS)) {
            List<Prediction> predictions =
                    model.classify(List.of("the film was lovely ".repeat(1000), "", "the film was lovely"), soon());
            assertThat(predictions).extracting(Prediction::truncated).containsExactly(true, false, false);
            assertThat(predictions)
                    .allSatisfy(p -> assertThat(p.probabilities().values().stream()
                                    .mapToDouble(d -> d)
                                    .sum())
                            .isCloseTo(1, within(1e-5)));
        }
    }

    @Test
    void whatIsNoBundleIsRefused() throws IOException {
        ArtifactId classifier = store.manifest(bundle).inputs().get("classifier");
        var loading = new BundleLoading(store, "cpu", Precision.FP32, BatchLimits.DEFAULTS, ServingListener.NONE);
        assertThatThrownBy(() -> loading.load(classifier)).hasMessageContaining("is a classifier");
    }

    @Test
    void changedBytesAreNotServed() throws IOException {
        Path weights = store.local(store.manifest(bundle).file("model.safetensors"));
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        weights.toFile().setWritable(true);
        Files.write(weights, bytes);
        var again = new LocalArtifactStore(folder.resolve("store"));
        var loading = new BundleLoading(again, "cpu", Precision.FP32, BatchLimits.DEFAULTS, ServingListener.NONE);
        assertThatThrownBy(() -> loading.load(bundle))
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARTIFACT_CORRUPT));
    }
}
