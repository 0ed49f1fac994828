package dev.athanor.inference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.DeploymentDesired;
import dev.athanor.contracts.message.Topics;
import dev.athanor.inference.serving.DeployStage;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.testing.TinyModels;
import dev.athanor.stage.testing.StageRunner;
import dev.athanor.testing.TestInfrastructure;
import dev.athanor.tokenizers.Tokenizer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** The whole service with Kafka, PostgreSQL and an artifact store: a desired deployment in, answers out. */
class InferenceServiceTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> TEXTS = IntStream.range(0, 30)
            .mapToObj(i ->
                    "the " + List.of("film", "plot", "cast").get(i % 3) + " was " + (i % 2 == 0 ? "awful" : "lovely"))
            .toList();

    private static ConfigurableApplicationContext service;
    private static ArtifactId bundle;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws Exception {
        TestInfrastructure infrastructure = TestInfrastructure.get();
        Map<String, Object> settings = new TreeMap<>(infrastructure.environment(folder.resolve("store")));
        var application = new SpringApplication(InferenceApplication.class);
        application.setDefaultProperties(settings);
        // The topic is read from its beginning: what was asked for before the start counts.
        send(infrastructure.brokers(), "{\"name\":7}");
        service = application.run("--spring.config.name=inference-service", "--server.port=0");
        ArtifactStore store = service.getBean(ArtifactStore.class);
        bundle = bundle(store, folder.resolve("made"));
        send(
                infrastructure.brokers(),
                Json.MAPPER.writeValueAsString(
                        new DeploymentDesired("sentiment", 1, List.of(new DeploymentDesired.Variant("a", bundle, 1)))));
        long end = System.nanoTime() + 60_000_000_000L;
        while (!get("/v1/deployments").body().contains("\"ready\"")) {
            assertThat(System.nanoTime()).as("deployed in time").isLessThan(end);
            Thread.sleep(50);
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static ArtifactId bundle(ArtifactStore store, Path folder) throws Exception {
        int[] classes = IntStream.range(0, TEXTS.size()).map(i -> i % 2).toArray();
        Path made = TinyModels.classifier(folder, List.of("negative", "positive"), TEXTS, classes, 60);
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            files.add(new ArtifactFile(name, store.put(made.resolve(name))));
        }
        ArtifactId classifier = store.publish(new Manifest(
                ArtifactKind.CLASSIFIER,
                1,
                files,
                new TreeMap<>(),
                new TreeMap<>(),
                Json.tree(Map.of()),
                1,
                "test",
                List.of()));
        return StageRunner.of(new DeployStage(), store)
                .input("classifier", classifier)
                .run()
                .artifact();
    }

    private static void send(String brokers, String json) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.DEPLOYMENTS,
                            "sentiment".getBytes(StandardCharsets.UTF_8),
                            json.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static HttpRequest.Builder request(String path) {
        String port = service.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json");
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(request(path)
                .header("Authorization", "Bearer " + TestInfrastructure.TOKEN)
                .build());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path)
                .header("Authorization", "Bearer " + TestInfrastructure.TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void textsAreLabelledInTheirOrder() throws Exception {
        HttpResponse<String> response =
                post("/v1/sentiment", "{\"texts\":[\"the film was awful\",\"the plot was lovely\",\"\"]}");
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = Json.MAPPER.readTree(response.body());
        assertThat(answer.get("deployment").asString()).isEqualTo("sentiment");
        assertThat(answer.get("variant").asString()).isEqualTo("a");
        assertThat(answer.get("model").asString()).isEqualTo(bundle.value());
        assertThat(answer.at("/predictions/0/label").asString()).isEqualTo("negative");
        assertThat(answer.at("/predictions/1/label").asString()).isEqualTo("positive");
        assertThat(answer.at("/predictions/1/probabilities/positive").asDouble())
                .isGreaterThan(0.5);
        assertThat(answer.get("predictions").size()).isEqualTo(3);
    }

    @Test
    void predictAnswersLikeTextEmbeddingsInference() throws Exception {
        JsonNode scores = Json.MAPPER.readTree(
                post("/predict", "{\"inputs\":\"the film was awful\"}").body());
        assertThat(scores.get(0).get("label").asString()).isEqualTo("negative");
        assertThat(scores.get(0).get("score").asDouble())
                .isGreaterThan(scores.get(1).get("score").asDouble());
    }

    @Test
    void faultsAreProblemsThatNameThem() throws Exception {
        assertProblem(post("/v1/sentiment", "{\"texts\":[]}"), 400, "texts");
        assertProblem(post("/v1/sentiment", "{\"texts\":[\"a\"],\"x\":1}"), 400, "x");
        assertProblem(post("/v1/sentiment", "{"), 400, "");
        assertProblem(post("/v1/sentiment", ""), 400, "body");
        assertProblem(post("/v1/sentiment", "{\"deployment\":\"other\",\"texts\":[\"a\"]}"), 404, "other");
        assertProblem(post("/predict", "{\"inputs\":[\"a\",\"b\"]}"), 400, "inputs");
        assertProblem(get("/v1/sentiment"), 405, "POST");
        HttpResponse<String> stranger = send(request("/v1/sentiment")
                .POST(HttpRequest.BodyPublishers.ofString("{\"texts\":[\"a\"]}"))
                .build());
        assertProblem(stranger, 401, "");
    }

    @Test
    void textsAndConversationsGoOn() throws Exception {
        String model = languageModel(64);
        String body = "{\"model\":\"" + model + "\",\"prompt\":\"the film was\",\"max_tokens\":5,\"n\":2,\"seed\":7}";
        JsonNode first = Json.MAPPER.readTree(post("/v1/completions", body).body());
        assertThat(first.path("object").asString()).as("%s", first).isEqualTo("text_completion");
        assertThat(first.path("model").asString()).isEqualTo(model);
        assertThat(first.path("choices").size()).isEqualTo(2);
        assertThat(first.at("/choices/1/index").asInt()).isEqualTo(1);
        assertThat(first.at("/choices/0/finish_reason").asString()).isIn("stop", "length");
        assertThat(first.at("/usage/completion_tokens").asInt()).isBetween(0, 10);
        assertThat(Json.MAPPER.readTree(post("/v1/completions", body).body()).path("choices"))
                .as("equal seeds, equal texts")
                .isEqualTo(first.path("choices"));

        JsonNode said = Json.MAPPER.readTree(post(
                        "/v1/chat/completions",
                        "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"system\",\"content\":\"the plot\"},"
                                + "{\"role\":\"user\",\"content\":\"was\"}],\"max_tokens\":3,\"temperature\":0}")
                .body());
        assertThat(said.path("object").asString()).as("%s", said).isEqualTo("chat.completion");
        assertThat(said.at("/choices/0/message/role").asString()).isEqualTo("assistant");
        assertThat(said.at("/choices/0/message/content").isString()).isTrue();

        String long64 = "word ".repeat(200);
        assertProblem(
                post("/v1/completions", "{\"model\":\"" + model + "\",\"prompt\":\"" + long64 + "\"}"),
                400,
                "expected 1 to 63");
        assertProblem(
                post("/v1/completions", "{\"model\":\"" + bundle + "\",\"prompt\":\"a\"}"), 400, "language-model");
        assertProblem(
                post("/v1/completions", "{\"model\":\"sha256:" + "0".repeat(64) + "\",\"prompt\":\"a\"}"), 404, "0000");
        assertThat(get("/actuator/prometheus").body())
                .contains("athanor_generation_seconds_count{")
                .contains("athanor_generation_tokens_total");
    }

    /** With a context of so many tokens. */
    private static String languageModel(int context) throws Exception {
        ArtifactStore store = service.getBean(ArtifactStore.class);
        Path made = Files.createTempDirectory(folder, "lm");
        Tokenizer tokenizer = TinyModels.tokenizer(TEXTS);
        try (LanguageModel model = LanguageModel.create(
                ModelConfig.llama(tokenizer.vocabSize(), context, 2, 2, 32).build(), 1, Device.cpu())) {
            model.save(made);
        }
        tokenizer.save(made.resolve("tokenizer.json"));
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            files.add(new ArtifactFile(name, store.put(made.resolve(name))));
        }
        return store.publish(new Manifest(
                        ArtifactKind.LANGUAGE_MODEL,
                        1,
                        files,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.tree(Map.of()),
                        1,
                        "test",
                        List.of()))
                .value();
    }

    private static HttpRequest streaming(String path, String fields) {
        return request(path)
                .header("Authorization", "Bearer " + TestInfrastructure.TOKEN)
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"stream\":true," + fields + "}"))
                .build();
    }

    /** The parts before {@code [DONE]}. */
    private static List<JsonNode> events(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        List<String> data = response.body()
                .lines()
                .filter(line -> !line.isEmpty() && !line.startsWith(":"))
                .toList();
        assertThat(data).allMatch(line -> line.startsWith("data: ")).last().isEqualTo("data: [DONE]");
        return data.subList(0, data.size() - 1).stream()
                .map(line -> Json.MAPPER.readTree(line.substring(6)))
                .toList();
    }

    @Test
    void streamedTextsAreThoseThatComeWhole() throws Exception {
        String model = languageModel(64);
        String fields = "\"model\":\"" + model
                + "\",\"prompt\":[\"the film was\",\"the plot\"],\"max_tokens\":40,\"n\":2,\"seed\":3,\"stop\":[\"e\"],\"temperature\":1.5";
        JsonNode whole =
                Json.MAPPER.readTree(post("/v1/completions", "{" + fields + "}").body());
        List<JsonNode> events =
                events(send(streaming("/v1/completions", fields + ",\"stream_options\":{\"include_usage\":true}")));
        List<StringBuilder> texts = new ArrayList<>();
        String[] ends = new String[4];
        for (int i = 0; i < 4; i++) {
            texts.add(new StringBuilder());
        }
        for (JsonNode event : events.subList(0, events.size() - 1)) {
            assertThat(event.path("object").asString()).isEqualTo("text_completion");
            assertThat(event.path("id")).isEqualTo(events.getFirst().path("id"));
            assertThat(event.path("model").asString()).isEqualTo(model);
            assertThat(event.path("usage").isNull()).isTrue();
            JsonNode choice = event.at("/choices/0");
            int index = choice.path("index").asInt();
            assertThat(ends[index]).as("nothing follows an end").isNull();
            texts.get(index).append(choice.path("text").asString());
            ends[index] = choice.path("finish_reason").isNull()
                    ? null
                    : choice.path("finish_reason").asString();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(texts.get(i))
                    .hasToString(whole.at("/choices/" + i + "/text").asString());
            assertThat(ends[i])
                    .isEqualTo(whole.at("/choices/" + i + "/finish_reason").asString());
        }
        assertThat(events.getLast().path("choices")).isEmpty();
        assertThat(events.getLast().path("usage")).isEqualTo(whole.path("usage"));
        assertThat(events).as("parts, not all at once").hasSizeGreaterThan(8);
    }

    @Test
    void aStreamedConversationBeginsWithWhoSpeaks() throws Exception {
        String fields = "\"model\":\"" + languageModel(64)
                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"the plot\"}],\"max_tokens\":12,\"temperature\":0";
        JsonNode whole = Json.MAPPER.readTree(
                post("/v1/chat/completions", "{" + fields + "}").body());
        List<JsonNode> events = events(send(streaming("/v1/chat/completions", fields)));
        assertThat(events).allMatch(e -> e.path("object").asString().equals("chat.completion.chunk"));
        assertThat(events).noneMatch(e -> e.has("usage"));
        assertThat(events.getFirst().at("/choices/0/delta/role").asString()).isEqualTo("assistant");
        var said = new StringBuilder();
        events.forEach(e -> said.append(e.at("/choices/0/delta/content").asString("")));
        assertThat(said).hasToString(whole.at("/choices/0/message/content").asString());
        assertThat(events.getLast().at("/choices/0/delta")).isEmpty();
        assertThat(events.getLast().at("/choices/0/finish_reason")).isEqualTo(whole.at("/choices/0/finish_reason"));
    }

    @Test
    void whatIsWrongWithAStreamIsToldAsAProblem() throws Exception {
        String model = languageModel(64);
        assertProblem(
                send(streaming(
                        "/v1/completions", "\"model\":\"" + model + "\",\"prompt\":\"" + "word ".repeat(200) + "\"")),
                400,
                "expected 1 to 63");
        assertProblem(send(streaming("/v1/completions", "\"model\":\"" + model + "\"")), 400, "prompt");
    }

    @Test
    void aCallerWhoHangsUpEndsTheGeneration() throws Exception {
        String fields = "\"model\":\"" + languageModel(4096)
                + "\",\"prompt\":\"the film\",\"max_tokens\":4000,\"temperature\":0,\"n\":16";
        try (InputStream events = HTTP.send(
                        streaming("/v1/completions", fields), HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            assertThat(events.read()).isEqualTo('d');
        }
        long end = System.nanoTime() + 60_000_000_000L;
        while (!get("/actuator/prometheus").body().contains("athanor_generation_seconds_count{outcome=\"cancelled\"")) {
            assertThat(System.nanoTime()).as("cancelled in time").isLessThan(end);
            Thread.sleep(20);
        }
    }

    @Test
    void aDeploymentThatCannotBeLoadedAsksToComeAgain() throws Exception {
        var missing = ArtifactId.ofSha256("0".repeat(64));
        send(
                TestInfrastructure.get().brokers(),
                Json.MAPPER.writeValueAsString(
                        new DeploymentDesired("broken", 1, List.of(new DeploymentDesired.Variant("a", missing, 1)))));
        long end = System.nanoTime() + 60_000_000_000L;
        HttpResponse<String> response;
        do {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(50);
            response = post("/v1/sentiment", "{\"deployment\":\"broken\",\"texts\":[\"a\"]}");
        } while (response.statusCode() == 404);
        assertProblem(response, 503, "broken");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }

    private static void assertProblem(HttpResponse<String> response, int status, String named) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(Json.MAPPER.readTree(response.body()).get("detail").asString())
                .contains(named);
    }

    @Test
    void readyAndMeasured() throws Exception {
        post("/v1/sentiment", "{\"texts\":[\"the film was awful\"]}");
        String metrics = get("/actuator/prometheus").body();
        assertThat(metrics)
                .contains("athanor_predict_seconds_count{")
                .contains("athanor_predict_tokenize_seconds_count")
                .contains("athanor_predict_queue_seconds_count")
                .contains("athanor_predict_compute_seconds_bucket{")
                .contains("athanor_predict_batch_size_bucket{");
        long end = System.nanoTime() + 30_000_000_000L;
        while (send(request("/actuator/health/readiness").build()).statusCode() != 200) {
            assertThat(System.nanoTime()).as("ready in time").isLessThan(end);
            Thread.sleep(50);
        }
    }
}
