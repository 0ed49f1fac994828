package dev.athanor.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What can be done with a trained model and classifier, each as a stage of one job, and what can be asked at once. */
record ModelJobs(GatewayClient gateway, Map<String, String> artifacts) {

    private static final String TEXT = "The soup was superb.";

    /** @param job as submitted: one of each stage that reads a model */
    Map<String, Object> job() throws Exception {
        Map<String, String> model = Map.of("model", artifacts.get("pretrain"));
        Map<String, String> classifier = Map.of("classifier", artifacts.get("finetune"));
        List<Map<String, Object>> stages = new ArrayList<>();
        stages.add(stage("export", "trainer.export", model, Map.of("cache", true)));
        stages.add(stage("export-classifier", "finetune.export", classifier, Map.of()));
        for (String kind : List.of("attention", "relevance", "histograms")) {
            Map<String, Object> spec = Map.of("kind", kind, "texts", List.of(TEXT));
            stages.add(stage(kind, "evaluation.inspect", model, spec));
            stages.add(stage(kind + "-classifier", "evaluation.inspect-classifier", classifier, spec));
        }
        stages.add(stage("gradients", "evaluation.inspect", model, Map.of("kind", "gradient-check", "samples", 1)));
        stages.add(stage(
                "before-training",
                "trainer.gradient-check",
                Map.of(),
                Map.of("model", Map.of("layers", 1), "samples", 1)));
        packed(stages);
        imported(stages);
        return Map.of("name", "look", "seed", 1, "stages", stages);
    }

    /** Training on what the tokenizer service has packed: documents by first fit, and sentence pairs. */
    private void packed(List<Map<String, Object>> stages) {
        Map<String, String> clean =
                Map.of("documents", artifacts.get("clean"), "tokenizer", artifacts.get("tokenizer"));
        for (String packing : List.of("first-fit", "sentence-pairs")) {
            stages.add(stage(
                    "encode-" + packing, "tokenizer.encode", clean, Map.of("packing", packing, "sequenceLength", 48)));
            boolean pairs = packing.equals("sentence-pairs");
            Map<String, Object> objective =
                    pairs ? Map.of("kind", "masked-next-sentence") : Map.of("kind", "causal", "documentMasks", true);
            Map<String, Object> small = Map.of(
                    "style",
                    pairs ? "bert" : "llama",
                    "layers",
                    1,
                    "heads",
                    2,
                    "keyValueHeads",
                    2,
                    "width",
                    32,
                    "context",
                    64);
            stages.add(stage(
                    "pretrain-" + packing,
                    "trainer.pretrain",
                    Map.of("tokens", "encode-" + packing, "tokenizer", artifacts.get("tokenizer")),
                    Map.of("steps", 6, "batchSize", 4, "warmupSteps", 2, "objective", objective, "model", small)));
        }
    }

    /** A model's files as if they had been uploaded, which are scored and trained on as the model itself. */
    private void imported(List<Map<String, Object>> stages) throws Exception {
        List<Map<String, Object>> uploads = new ArrayList<>();
        for (JsonNode file :
                gateway.get("/v1/artifacts/" + artifacts.get("pretrain")).at("/manifest/files")) {
            String name = file.path("name").asString();
            if (List.of("config.json", "model.safetensors").contains(name)) {
                Map<String, Object> blob = Map.of(
                        "sha256", file.at("/blob/sha256").asString(),
                        "size", file.at("/blob/size").asLong());
                uploads.add(Map.of("name", name, "blob", blob));
            }
        }
        String tokenizer = artifacts.get("tokenizer");
        stages.add(stage("import", "trainer.import", Map.of("tokenizer", tokenizer), Map.of("uploads", uploads)));
        Map<String, String> inputs = Map.of("model", "import", "tokens", artifacts.get("encode"));
        stages.add(stage("perplexity-imported", "evaluation.perplexity", inputs, Map.of()));
        stages.add(stage(
                "pretrain-imported",
                "trainer.pretrain",
                Map.of("model", "import", "tokens", artifacts.get("encode"), "tokenizer", tokenizer),
                Map.of("steps", 4, "batchSize", 4, "model", Map.of("style", "input"))));
    }

    private static Map<String, Object> stage(
            String id, String type, Map<String, String> inputs, Map<String, Object> spec) {
        return Map.of("id", id, "type", type, "inputs", inputs, "spec", spec);
    }

    /** @param made artifact of each stage of the job */
    void check(Map<String, String> made) throws Exception {
        assertThat(files(made.get("export")))
                .containsKeys("config.json", "tokenizer.json")
                .anySatisfy((name, size) -> {
                    assertThat(name).endsWith(".onnx");
                    assertThat(size).isGreaterThan(10_000);
                });
        assertThat(files(made.get("export-classifier")))
                .anySatisfy((name, size) -> assertThat(name).endsWith(".onnx"));
        for (String subject : List.of("", "-classifier")) {
            JsonNode attention = report(made, "attention" + subject);
            assertThat(sum(attention.at("/texts/0/maps/0/weights/0"))).isBetween(0.99, 1.01);
            JsonNode relevance = report(made, "relevance" + subject).at("/texts/0");
            assertThat(relevance.path("relevance")).hasSameSizeAs(relevance.path("tokens"));
            assertThat(report(made, "histograms" + subject).path("activations")).isNotEmpty();
        }
        for (String packing : List.of("first-fit", "sentence-pairs")) {
            JsonNode counts = gateway.get("/v1/artifacts/" + made.get("pretrain-" + packing))
                    .at("/manifest/counts");
            // Sequences of 48 tokens, or as long as the longest pair: not of the model's whole context.
            assertThat(counts.path("tokens.trained").asLong()).isBetween(6L * 4 * 8, 6L * 4 * 48);
        }
        assertThat(report(made, "perplexity-imported").path("perplexity").asDouble())
                .isEqualTo(gateway.get("/v1/artifacts/" + artifacts.get("perplexity") + "/files/report.json")
                        .path("perplexity")
                        .asDouble());
        assertThat(files(made.get("pretrain-imported"))).containsKeys("config.json", "tokenizer_config.json");
        assertThat(report(made, "gradients").at("/check/worst").asDouble()).isLessThan(1e-3);
        assertThat(report(made, "before-training").path("worst").asDouble()).isLessThan(1e-3);
        assertThat(gateway.text("/v1/artifacts/" + made.get("attention") + "/files/report.html"))
                .contains("<svg");
    }

    /** The same at once, without a job. */
    void askAtOnce(Map<String, String> made) throws Exception {
        for (String kind : List.of("attention", "relevance")) {
            assertThat(inspect("pretrain", Map.of("kind", kind, "texts", List.of(TEXT))))
                    .isEqualTo(report(made, kind));
            assertThat(inspect("finetune", Map.of("kind", kind, "texts", List.of(TEXT))))
                    .isEqualTo(report(made, kind + "-classifier"));
        }
        assertThatThrownBy(() -> inspect("pretrain", Map.of("kind", "histograms", "texts", List.of(TEXT))))
                .hasMessageContaining("answered 400")
                .hasMessageContaining("spec.kind");
        assertThatThrownBy(() -> inspect("tokenizer", Map.of("kind", "attention", "texts", List.of(TEXT))))
                .hasMessageContaining("answered 400")
                .hasMessageContaining("expected a language model or a classifier, got tokenizer");
    }

    private JsonNode inspect(String stage, Map<String, Object> spec) throws Exception {
        return gateway.post("/v1/inspections", Map.of("artifact", artifacts.get(stage), "spec", spec), Map.of());
    }

    private JsonNode report(Map<String, String> made, String stage) throws Exception {
        return gateway.get("/v1/artifacts/" + made.get(stage) + "/files/report.json");
    }

    private Map<String, Long> files(String artifact) throws Exception {
        Map<String, Long> sizes = new LinkedHashMap<>();
        gateway.get("/v1/artifacts/" + artifact)
                .at("/manifest/files")
                .forEach(file -> sizes.put(
                        file.path("name").asString(), file.at("/blob/size").asLong()));
        return sizes;
    }

    private static double sum(JsonNode row) {
        double sum = 0;
        for (JsonNode weight : row) {
            sum += weight.asDouble();
        }
        return sum;
    }
}
