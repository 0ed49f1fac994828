package dev.athanor.preprocessing.augment;

import static dev.athanor.preprocessing.Corpora.document;
import static dev.athanor.preprocessing.Corpora.prose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.artifacts.shards.LabelledShardReader;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.LabelledSplits;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.Json;
import dev.athanor.preprocessing.Corpora;
import dev.athanor.preprocessing.classify.TrainTextClassifierStage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AugmentTest {

    private static final String SENTENCE = "The happy child began to buy a big car, and \"helped\" people.";

    @TempDir
    Path folder;

    private ArtifactStore store;
    private HttpServer server;

    @BeforeEach
    void open() throws Exception {
        store = new LocalArtifactStore(folder.resolve("store"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void editsChangeWordsAndKeepTheRest() {
        var synonyms = new Synonyms();
        assertThat(synonyms.of("car")).contains("automobile");
        assertThat(synonyms.of("the")).isEmpty();
        assertThat(synonyms.of("zxqv")).isEmpty();
        for (EditAugmenter.Edit edit : EditAugmenter.Edit.values()) {
            var augmenter = new EditAugmenter(edit, 0.2, synonyms);
            String once = augmenter.augment(SENTENCE, null, new SplittableRandom(5));
            assertThat(once)
                    .as(edit.name())
                    .isNotEqualTo(SENTENCE)
                    .doesNotContain("  ")
                    .endsWith(".");
            assertThat(augmenter.augment(SENTENCE, null, new SplittableRandom(5)))
                    .isEqualTo(once);
            int words = Words.of(once).words().size();
            switch (edit) {
                case SWAP -> assertThat(words).isEqualTo(12);
                case DELETE -> assertThat(words).isBetween(1, 11);
                default -> assertThat(words).isGreaterThanOrEqualTo(12);
            }
        }
        assertThat(Words.of("a-b, it's «x»!").text()).isEqualTo("a-b, it's «x»!");
        assertThat(Words.likeCase("auto", "Car")).isEqualTo("Auto");
    }

    @Test
    void documentsStayAndNewOnesComeBehind() throws Exception {
        var shards = new ArrayList<List<Document>>();
        for (int shard = 0; shard < 3; shard++) {
            shards.add(
                    List.of(document(shard + "/a", prose(40, shard)), document(shard + "/b", SENTENCE + " " + shard)));
        }
        Manifest augmented = Corpora.run(
                new AugmentDocumentsStage(variable -> null),
                store,
                Map.of("methods", List.of("synonym", "swap"), "copies", 2),
                "documents",
                Corpora.clean(store, shards));
        List<Document> documents = Corpora.read(store, augmented);
        assertThat(documents.subList(0, 6))
                .isEqualTo(shards.stream().flatMap(List::stream).toList());
        assertThat(augmented.counts())
                .containsEntry("documents.original", 6L)
                .containsEntry("documents.augmented", documents.size() - 6L);
        assertThat(documents.size()).isGreaterThan(9);
        assertThat(documents.getLast().metadata()).containsEntry("augmented-by", "swap");
        assertThat(documents).extracting(Document::id).doesNotHaveDuplicates();
    }

    @Test
    void nothingOfTheTestSplitIsTrainedOn() throws Exception {
        // The service answers with test examples, whole and changed: as a model does that has learnt them by heart.
        String test = "Every single scene of this long film was filled with beautiful and quiet music by the river.";
        List<String> answers = List.of(
                test,
                test.replace("quiet", "loud"),
                "Nice.",
                "An honest answer about something else altogether, with as many words in it.");
        var next = new AtomicInteger();
        respond("/translate", request -> {
            boolean back = request.get("target").asString().equals("en");
            int number = Integer.parseInt(request.get("q").asString().replaceAll("\\D", ""));
            next.incrementAndGet();
            return Map.of("translatedText", back ? answers.get(number % 4) : "pivot " + number);
        });
        var examples = new ArrayList<LabelledExample>();
        for (int i = 0; i < 12; i++) {
            String text = (i % 4 == 2 ? "Good number " : prose(14, i) + " Number ") + i;
            examples.add(new LabelledExample("train-" + i, text, i % 2 == 0 ? "good" : "bad", Split.TRAIN));
        }
        examples.add(new LabelledExample("v", "Nice.", "good", Split.VALIDATION));
        examples.add(new LabelledExample("t", test, "bad", Split.TEST));
        Manifest augmented = Corpora.run(
                new AugmentLabelledStage(variable -> variable.equals("ATHANOR_TRANSLATION_URL") ? url() : null),
                store,
                Map.of("methods", List.of("back-translation"), "minLengthRatio", 0.1, "maxLengthRatio", 10),
                "examples",
                Corpora.labelled(store, examples));
        List<LabelledExample> all = LabelledShardReader.all(store, augmented);
        assertThat(all)
                .filteredOn(e -> e.split() == Split.TEST)
                .extracting(LabelledExample::text)
                .containsExactly(test);
        assertThat(all).filteredOn(e -> e.split() == Split.VALIDATION).hasSize(1);
        List<String> train = all.stream()
                .filter(e -> e.split() == Split.TRAIN)
                .map(LabelledExample::text)
                .toList();
        assertThat(train).hasSize(13).contains(answers.get(3)).doesNotContain(test, answers.get(1), "Nice.");
        assertThat(augmented.countsUnder("augmented.dropped."))
                .containsEntry("held-out", 6L)
                // The answer that is right but given three times, and the validation example.
                .containsEntry("duplicate", 5L);
        assertThat(next.get()).isGreaterThanOrEqualTo(24);
    }

    @Test
    void splitsThatAreMissingAreCutBeforeAndWrittenDown() throws Exception {
        var examples = new ArrayList<LabelledExample>();
        for (int i = 0; i < 60; i++) {
            examples.add(new LabelledExample("e" + i, prose(20, i), i % 2 == 0 ? "a" : "b", Split.TRAIN));
        }
        Manifest augmented = Corpora.run(
                new AugmentLabelledStage(variable -> null),
                store,
                Map.of("methods", List.of("delete", "swap"), "copies", 2),
                "examples",
                Corpora.labelled(store, examples));
        var before = LabelledSplits.of(examples);
        var after = LabelledSplits.of(LabelledShardReader.all(store, augmented));
        assertThat(after.test()).extracting(LabelledExample::id).isEqualTo(ids(before.test()));
        assertThat(after.validation()).extracting(LabelledExample::id).isEqualTo(ids(before.validation()));
        assertThat(after.train()).hasSizeGreaterThan(before.train().size() * 2);
        // Every new example is made from one of the training split.
        List<String> trained = ids(before.train());
        assertThat(ids(after.train())).allMatch(id -> trained.contains(id.split("~")[0]));
    }

    @Test
    void generatedTextsMustAgreeWithTheirLabels() throws Exception {
        var examples = new ArrayList<LabelledExample>();
        for (int i = 0; i < 60; i++) {
            boolean good = i % 2 == 0;
            examples.add(new LabelledExample(
                    "e" + i,
                    prose(10, i) + (good ? " wonderful delight" : " dreadful bore"),
                    good ? "good" : "bad",
                    Split.TRAIN));
        }
        var set = Corpora.labelled(store, examples);
        Manifest model = Corpora.run(
                new TrainTextClassifierStage(), store, Map.of("buckets", 4096, "epochs", 20), "examples", set);
        respond("/chat/completions", request -> {
            String prompt = request.get("messages").get(0).get("content").asString();
            // Its opinion is always the same, whatever the label in the prompt.
            String text =
                    prompt.substring(prompt.indexOf(": ") + 2).replaceAll("(wonderful|dreadful) (delight|bore)", "");
            return Map.of(
                    "choices", List.of(Map.of("message", Map.of("content", text + "in the end a wonderful delight"))));
        });
        Manifest augmented = Corpora.run(
                new AugmentLabelledStage(variable -> variable.equals("ATHANOR_GENERATION_URL")
                        ? url()
                        : variable.equals("ATHANOR_GENERATION_KEY") ? "secret" : null),
                store,
                Map.of(
                        "methods", List.of("generation"),
                        "generation", Map.of("prompt", "A {label} one: {text}"),
                        "agreement", Map.of("model", model.id().value(), "minProbability", 0.5)),
                "examples",
                set);
        List<LabelledExample> made = LabelledShardReader.all(store, augmented).stream()
                .filter(e -> e.id().contains("~"))
                .toList();
        assertThat(made).hasSizeGreaterThan(10).allMatch(e -> e.label().equals("good"));
        assertThat(augmented.counts().get("augmented.dropped.label")).isGreaterThan(10);
    }

    @Test
    void aLanguageModelTranslatesThereAndBack() throws Exception {
        respond("/chat/completions", request -> {
            String prompt = request.get("messages").get(0).get("content").asString();
            String text = prompt.substring(prompt.indexOf("\n\n") + 2);
            String answer = prompt.contains("from English to French")
                    ? "Un texte: " + text
                    : prompt.contains("from French to English") && text.startsWith("Un texte: ")
                            ? text.substring(10).replace("big", "large")
                            : "?";
            return Map.of("choices", List.of(Map.of("message", Map.of("content", answer))));
        });
        Manifest augmented = Corpora.run(
                new AugmentDocumentsStage(variable -> variable.equals("ATHANOR_GENERATION_URL") ? url() : null),
                store,
                Map.of(
                        "methods",
                        List.of("back-translation"),
                        "translation",
                        Map.of("provider", "generation", "pivot", "fr")),
                "documents",
                Corpora.clean(store, List.of(List.of(document("a", SENTENCE)))));
        assertThat(Corpora.read(store, augmented))
                .extracting(Document::text)
                .containsExactly(SENTENCE, SENTENCE.replace("big", "large"));
    }

    @Test
    void servicesAreTheOperatorsAndAnswersAreBounded() throws Exception {
        assertThatThrownBy(() -> JsonService.of("TRANSLATION", "back-translation", variable -> null))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining("ATHANOR_TRANSLATION_URL");
        assertThatThrownBy(() -> JsonService.of("TRANSLATION", "back-translation", variable -> "file:///etc/passwd"))
                .isInstanceOf(AthanorException.class);
        var calls = new AtomicInteger();
        server.createContext("/busy", exchange -> {
            int call = calls.incrementAndGet();
            send(exchange, call < 3 ? 503 : 200, "{\"ok\":true}".getBytes(StandardCharsets.UTF_8));
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://169.254.169.254/");
            send(exchange, 302, new byte[0]);
        });
        server.createContext("/huge", exchange -> send(exchange, 200, filled(5 << 20)));
        server.createContext("/text", exchange -> send(exchange, 200, "no json".getBytes(StandardCharsets.UTF_8)));
        try (var service = JsonService.of("X", "x", variable -> variable.endsWith("URL") ? url() : "key")) {
            assertThat(service.post("busy", Map.of()).get("ok").asBoolean()).isTrue();
            assertThat(calls).hasValue(3);
            assertThatThrownBy(() -> service.post("moved", Map.of())).hasMessageContaining("302");
            assertThatThrownBy(() -> service.post("huge", Map.of())).hasMessageContaining("at most");
            assertThatThrownBy(() -> service.post("text", Map.of())).hasMessageContaining("JSON");
        }
    }

    private static byte[] filled(int size) {
        var bytes = new byte[size];
        Arrays.fill(bytes, (byte) ' ');
        return bytes;
    }

    private static List<String> ids(List<LabelledExample> examples) {
        return examples.stream().map(LabelledExample::id).toList();
    }

    private String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    private void respond(String path, Function<JsonNode, Object> answer) {
        server.createContext(path, exchange -> {
            JsonNode request = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
            send(exchange, 200, Json.canonicalBytes(answer.apply(request)));
        });
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
