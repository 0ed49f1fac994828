package dev.athanor.evaluation.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.InspectSpec;
import dev.athanor.contracts.spec.InspectionRequest;
import dev.athanor.lm.testing.TinyModels;
import dev.athanor.stage.run.WorkFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class InspectionDeskTest {

    private static final List<String> TEXTS = List.of("the film was awful", "the plot was lovely");

    @TempDir
    Path folder;

    private LocalArtifactStore store;
    private ArtifactId model;

    @BeforeEach
    void open() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
        model = published(ArtifactKind.LANGUAGE_MODEL, TinyModels.languageModel(folder.resolve("lm"), TEXTS));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ArtifactId published(ArtifactKind kind, Path made) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            files.add(new ArtifactFile(name, store.put(made.resolve(name))));
        }
        return published(kind, files);
    }

    private ArtifactId published(ArtifactKind kind, List<ArtifactFile> files) throws IOException {
        return store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(), Json.tree(Map.of()), 1, "test", List.of("CC0-1.0")));
    }

    private InspectionDesk desk(Duration limit, long mostBytes) throws IOException {
        return new InspectionDesk(store, new WorkFolders(folder.resolve("work")), limit, mostBytes);
    }

    private static InspectSpec spec(String kind, String... texts) {
        return new InspectionRequest(
                        new ArtifactId("sha256:" + "0".repeat(64)), Json.tree(Map.of("kind", kind, "texts", texts)))
                .inspection();
    }

    private static AthanorException refusal(Runnable body) {
        try {
            body.run();
        } catch (AthanorException e) {
            return e;
        }
        throw new AssertionError("nothing was refused");
    }

    @Test
    void modelsAreLookedIntoOneAfterTheOther() throws Exception {
        int[] classes = {0, 1};
        ArtifactId classifier = published(
                ArtifactKind.CLASSIFIER,
                TinyModels.classifier(folder.resolve("c"), List.of("bad", "good"), TEXTS, classes, 3));
        try (InspectionDesk desk = desk(Duration.ofMinutes(1), 1 << 30)) {
            JsonNode first = Json.tree(desk.inspect(model, spec("attention", TEXTS.getFirst())));
            JsonNode other = Json.tree(desk.inspect(classifier, spec("relevance", TEXTS.getFirst())));
            assertThat(other.at("/texts/0/target").asString()).isIn("bad", "good");
            assertThat(Json.tree(desk.inspect(model, spec("attention", TEXTS.getFirst()))))
                    .isEqualTo(first);
            // Of models looked into before nothing is left.
            try (var left = Files.list(folder.resolve("work"))) {
                assertThat(left).hasSize(1);
            }
        }
        try (var left = Files.list(folder.resolve("work"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatIsNoModelOrTooLargeIsRefused() throws Exception {
        ArtifactId tokens =
                published(ArtifactKind.TOKEN_SHARDS, store.manifest(model).files());
        try (InspectionDesk desk = desk(Duration.ofMinutes(1), 1000)) {
            assertThat(refusal(() -> desk.inspect(tokens, spec("attention", "a"))))
                    .hasMessageContaining("token-shards");
            AthanorException large = refusal(() -> desk.inspect(model, spec("attention", "a")));
            assertThat(large).hasMessageContaining("at most 1000 bytes");
            assertThat(large.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
            var missing = new ArtifactId("sha256:" + "0".repeat(64));
            assertThat(refusal(() -> desk.inspect(missing, spec("attention", "a")))
                            .code())
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void aLookThatTakesTooLongEndsAndTooManyDoNotWait() throws Exception {
        String[] texts = TEXTS.toArray(String[]::new);
        try (InspectionDesk desk = desk(Duration.ofNanos(1), 1 << 30)) {
            assertThat(refusal(() -> desk.inspect(model, spec("relevance", texts)))
                            .code())
                    .isEqualTo(ErrorCode.TIMEOUT);
        }
        try (InspectionDesk desk = desk(Duration.ofMinutes(1), 1 << 30)) {
            List<CompletableFuture<Record>> looks = IntStream.range(0, 40)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> desk.inspect(model, spec("relevance", texts)),
                            task -> Thread.ofVirtual().start(task)))
                    .toList();
            int refused = 0;
            for (CompletableFuture<Record> look : looks) {
                try {
                    assertThat(look.join()).isNotNull();
                } catch (java.util.concurrent.CompletionException e) {
                    assertThat(((AthanorException) e.getCause()).code()).isEqualTo(ErrorCode.RATE_LIMITED);
                    refused++;
                }
            }
            // One at work and eight in line are never refused.
            assertThat(refused).isLessThanOrEqualTo(40 - 9);
        }
    }

    @Test
    void onlySmallInspectionsAreAsked() {
        for (String bad : List.of(
                "{\"kind\":\"gradient-check\"}",
                "{\"kind\":\"attention\",\"texts\":[\"a\",\"a\",\"a\",\"a\",\"a\"]}",
                "{\"kind\":\"attention\",\"texts\":[\"a\"],\"maxTokens\":200}")) {
            assertThatThrownBy(() -> new InspectionRequest(model, Json.MAPPER.readTree(bad)))
                    .isInstanceOf(AthanorException.class)
                    .hasMessageContaining("spec.");
        }
    }
}
