package dev.athanor.evaluation.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.InspectSpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.testing.TinyModels;
import dev.athanor.stage.testing.StageRunner;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

class InspectStageTest {

    private static final List<String> LABELS = List.of("negative", "positive");
    private static final List<String> TEXTS = IntStream.range(0, 12)
            .mapToObj(i ->
                    "the " + List.of("film", "plot", "cast").get(i % 3) + " was " + (i % 2 == 0 ? "awful" : "lovely"))
            .toList();
    private static final String HOSTILE = "a <script>alert('x')</script> & \"film\"\n\u0007";

    @TempDir
    Path folder;

    private LocalArtifactStore store;

    @BeforeEach
    void store() throws IOException {
        store = new LocalArtifactStore(folder.resolve("store"));
    }

    private ArtifactId published(ArtifactKind kind, Path made) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            files.add(new ArtifactFile(name, store.put(made.resolve(name))));
        }
        return store.publish(new Manifest(
                kind, 1, files, new TreeMap<>(), new TreeMap<>(), Json.tree(Map.of()), 1, "test", List.of("CC0-1.0")));
    }

    private ArtifactId languageModel() throws IOException {
        return published(ArtifactKind.LANGUAGE_MODEL, TinyModels.languageModel(folder.resolve("lm"), TEXTS));
    }

    private StageRunner.Result inspected(StageType type, ArtifactId model, String spec) throws Exception {
        return StageRunner.of(new InspectStage(type), store)
                .spec((InspectSpec) type.readSpec(Json.MAPPER.readTree(spec)))
                .input(type == StageType.INSPECT ? "model" : "classifier", model)
                .disturbed(1)
                .run();
    }

    private JsonNode report(StageRunner.Result result) throws IOException {
        return Json.MAPPER.readTree(text(result, "report.json"));
    }

    private String text(StageRunner.Result result, String name) throws IOException {
        try (var in = store.open(result.manifest().file(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String spec(String kind, String more, String... texts) {
        return "{\"kind\":\"" + kind + "\",\"texts\":" + Json.tree(texts) + more + "}";
    }

    @Test
    void attentionMapsOfALanguageModel() throws Exception {
        var result = inspected(StageType.INSPECT, languageModel(), spec("attention", ",\"layers\":[1]", HOSTILE));
        JsonNode text = report(result).at("/texts/0");
        assertThat(text.get("maps").size()).isEqualTo(2);
        assertThat(text.at("/maps/1/layer").asInt()).isEqualTo(1);
        assertThat(text.at("/maps/1/head").asInt()).isEqualTo(1);
        int tokens = text.get("tokens").size();
        for (JsonNode row : text.at("/maps/0/weights")) {
            assertThat(row.size()).isEqualTo(tokens);
            double sum = 0;
            for (JsonNode weight : row) {
                sum += weight.asDouble();
            }
            assertThat(sum).isCloseTo(1, within(1e-2));
        }
        String shown = String.join(
                "", text.get("tokens").valueStream().map(JsonNode::asString).toList());
        assertThat(shown).startsWith("a <script>");
        String html = text(result, "report.html");
        assertThat(html).doesNotContain("<script").doesNotContain("alert('").contains("&lt;script&gt;");
        String svg = html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + 6);
        var parsed =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(parsed.getElementsByTagName("text").getLength()).isEqualTo(2 * tokens);
    }

    @Test
    void theWordThatDecidesIsRelevant() throws Exception {
        int[] classes = IntStream.range(0, 12).map(i -> i % 2).toArray();
        ArtifactId classifier = published(
                ArtifactKind.CLASSIFIER,
                TinyModels.classifier(folder.resolve("classifier"), LABELS, TEXTS, classes, 60));
        var result = inspected(
                StageType.INSPECT_CLASSIFIER,
                classifier,
                spec("relevance", ",\"contrasted\":true", "the plot was lovely", "the plot was awful"));
        JsonNode texts = report(result).get("texts");
        for (int i = 0; i < 2; i++) {
            JsonNode text = texts.get(i);
            assertThat(text.get("target").asString()).isEqualTo(LABELS.get(1 - i));
            double tokens = 0;
            double most = Double.NEGATIVE_INFINITY;
            String best = "";
            for (int t = 0; t < text.get("tokens").size(); t++) {
                double relevance = text.get("relevance").get(t).asDouble();
                tokens += relevance;
                String label = text.get("tokens").get(t).asString();
                if (relevance > most) {
                    most = relevance;
                    best = label;
                }
            }
            assertThat(best).isIn(" lovely", " awful", "lovely", "awful");
            assertThat(tokens + text.get("biases").asDouble())
                    .isCloseTo(text.get("explained").asDouble(), within(1e-3));
        }
        assertThat(text(result, "report.html")).contains("<h2>positive</h2>");
        assertThatThrownBy(() -> inspected(
                        StageType.INSPECT_CLASSIFIER, classifier, spec("relevance", ",\"target\":\"neutral\"", "x")))
                .hasMessageContaining("expected one of [negative, positive], got 'neutral'");
        JsonNode histograms =
                report(inspected(StageType.INSPECT_CLASSIFIER, classifier, spec("histograms", "", TEXTS.getFirst())));
        assertThat(histograms.get("loss").asDouble()).isLessThan(0.2);
    }

    @Test
    void relevanceOfTheNextToken() throws Exception {
        ArtifactId model = languageModel();
        JsonNode text = report(
                        inspected(StageType.INSPECT, model, spec("relevance", ",\"target\":\" was\"", "the film")))
                .at("/texts/0");
        assertThat(text.get("target").asString()).isEqualTo(" was");
        assertThat(text.get("position").asInt()).isEqualTo(text.get("tokens").size() - 1);
        assertThat(text.get("layers").size()).isEqualTo(3);
        assertThatThrownBy(() -> inspected(
                        StageType.INSPECT, model, spec("relevance", ",\"target\":\"one two three\"", "the film")))
                .hasMessageContaining("expected one token");
        assertThatThrownBy(() -> inspected(StageType.INSPECT, model, spec("relevance", "", "")))
                .hasMessageContaining("no tokens");
    }

    @Test
    void histogramsOfALanguageModel() throws Exception {
        var result = inspected(StageType.INSPECT, languageModel(), spec("histograms", "", TEXTS.get(0), TEXTS.get(1)));
        JsonNode report = report(result);
        JsonNode place = report.at("/activations/0");
        assertThat(place.get("name").asString()).isEqualTo("embeddings");
        long counted = 0;
        for (String sign : List.of("negative", "positive")) {
            for (JsonNode bin : place.at("/values/" + sign)) {
                counted += bin.asLong();
            }
        }
        assertThat(counted).isEqualTo(report.get("tokens").asLong() * 32);
        assertThat(text(result, "report.html"))
                .contains("layers.1.attention.qkv")
                .contains("<h2>Parameters</h2>");
    }

    @Test
    void gradientCheckOfAnEncodersConfiguration() throws Exception {
        Path made = TinyModels.languageModel(folder.resolve("lm"), TEXTS);
        Path bert = folder.resolve("bert");
        try (LanguageModel model =
                LanguageModel.create(ModelConfig.bert(300, 64, 3, 4, 64).build(), 1, Device.cpu())) {
            model.save(bert);
        }
        java.nio.file.Files.copy(made.resolve("tokenizer.json"), bert.resolve("tokenizer.json"));
        ArtifactId model = published(ArtifactKind.LANGUAGE_MODEL, bert);
        var result = inspected(StageType.INSPECT, model, "{\"samples\":1}");
        JsonNode report = report(result).get("check");
        assertThat(report.get("passed").asBoolean()).isTrue();
        assertThat(report.get("worst").asDouble())
                .isBetween(0.0, report.get("tolerance").asDouble());
        assertThat(report.get("checked").asString()).contains("ENCODER", "POST");
        assertThat(text(result, "report.html")).contains("Passed");
        assertThatThrownBy(() -> inspected(StageType.INSPECT, model, spec("relevance", "", "the film")))
                .hasMessageContaining("masked token");
    }

    @Test
    void whatIsTooLargeOrAbsentIsRefused() throws Exception {
        ArtifactId model = languageModel();
        assertThatThrownBy(() -> inspected(StageType.INSPECT, model, spec("attention", ",\"layers\":[2]", "x")))
                .hasMessageContaining("layers: expected numbers from 0 to 1, got [2]");
        Path deep = TinyModels.languageModel(folder.resolve("deep"), TEXTS);
        try (LanguageModel many =
                LanguageModel.create(ModelConfig.llama(300, 64, 4, 4, 32).build(), 1, Device.cpu())) {
            many.save(deep);
        }
        ArtifactId manyMaps = published(ArtifactKind.LANGUAGE_MODEL, deep);
        var texts = new String[16];
        java.util.Arrays.fill(texts, "0123456789".repeat(10));
        assertThatThrownBy(() -> inspected(StageType.INSPECT, manyMaps, spec("attention", ",\"maxTokens\":64", texts)))
                .hasMessageContaining("1048576 cells in 4 layers with 4 heads; expected at most 400000");
        for (String bad : List.of(
                spec("attention", ""),
                spec("x-ray", "", "x"),
                spec("gradient-check", "", "x"),
                spec("attention", ",\"heads\":[1,1]", "x"),
                spec("attention", ",\"maxTokens\":10000", "x"))) {
            assertThatThrownBy(() -> StageType.INSPECT.readSpec(Json.MAPPER.readTree(bad)))
                    .as(bad)
                    .hasMessageContaining("expected");
        }
    }
}
