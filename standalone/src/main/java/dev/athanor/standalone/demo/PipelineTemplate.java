package dev.athanor.standalone.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The job that the demo submits: the whole way from documents to a deployed sentiment model, ten stages. */
public final class PipelineTemplate {

    /**
     * What the demo varies.
     *
     * @param minutes budget of pretraining and fine-tuning together; 0 = none, the fixed numbers of steps apply
     * @param reportValidation whether the validation split gets a report too (it chose the best epoch, so it flatters)
     */
    public record Settings(
            Path data,
            long seed,
            double minutes,
            Map<String, Object> model,
            Map<String, Object> pretrain,
            Map<String, Object> finetune,
            int vocabulary,
            boolean reportValidation) {}

    private PipelineTemplate() {}

    /** Sized so that everything together takes a few minutes on two cores. */
    public static Settings synthetic(Path data, long seed, double minutes) {
        return new Settings(
                data,
                seed,
                minutes,
                Map.of("style", "llama", "layers", 4, "heads", 4, "keyValueHeads", 4, "width", 192, "context", 128),
                Map.of(
                        "steps",
                        400,
                        "batchSize",
                        32,
                        "warmupSteps",
                        40,
                        "learningRate",
                        2e-3,
                        "checkpointEverySteps",
                        100),
                Map.of("maxTokens", 64),
                2048,
                false);
    }

    /** For real text: a model of about 14 million parameters, trained for as long as the budget says. */
    public static Settings real(Path data, long seed, double minutes) {
        return new Settings(
                data,
                seed,
                minutes,
                Map.of("style", "llama", "layers", 6, "heads", 6, "keyValueHeads", 6, "width", 384, "context", 256),
                Map.of("steps", 20_000, "batchSize", 16, "warmupSteps", 100, "learningRate", 1.5e-3),
                Map.of(),
                8192,
                true);
    }

    /** The body of {@code POST /v1/jobs}. */
    public static Map<String, Object> job(Settings settings) {
        Map<String, Object> pretrain = new LinkedHashMap<>(settings.pretrain());
        pretrain.put("model", settings.model());
        Map<String, Object> finetune = new LinkedHashMap<>(settings.finetune());
        if (settings.minutes() > 0) {
            pretrain.put("maxMinutes", settings.minutes() * 0.6);
            finetune.put("maxMinutes", settings.minutes() * 0.3);
        }
        String corpus = settings.data().resolve("corpus").toString();
        Map<String, Object> source = Map.of("type", "folder", "name", "corpus", "path", corpus);
        String sentiment = settings.data().resolve("sentiment").toString();
        List<Map<String, Object>> stages = new ArrayList<>();
        stages.add(stage("ingest", "ingestion.documents", Map.of(), Map.of("sources", List.of(source))));
        stages.add(stage("examples", "ingestion.labelled", Map.of(), Map.of("path", sentiment)));
        stages.add(stage("clean", "preprocessing.clean", Map.of("documents", "ingest"), Map.of()));
        stages.add(stage(
                "tokenizer",
                "tokenizer.train",
                Map.of("documents", "clean"),
                Map.of("vocabularySize", settings.vocabulary())));
        stages.add(
                stage("encode", "tokenizer.encode", Map.of("documents", "clean", "tokenizer", "tokenizer"), Map.of()));
        stages.add(
                stage("pretrain", "trainer.pretrain", Map.of("tokens", "encode", "tokenizer", "tokenizer"), pretrain));
        stages.add(stage(
                "perplexity", "evaluation.perplexity", Map.of("model", "pretrain", "tokens", "encode"), Map.of()));
        stages.add(stage(
                "finetune", "finetune.classifier", Map.of("model", "pretrain", "examples", "examples"), finetune));
        Map<String, String> judged = Map.of("classifier", "finetune", "examples", "examples");
        if (settings.reportValidation()) {
            stages.add(stage("report-dev", "evaluation.sentiment", judged, Map.of("split", "validation")));
        }
        stages.add(stage("report", "evaluation.sentiment", judged, Map.of()));
        stages.add(stage("deploy", "inference.deploy", Map.of("classifier", "finetune"), Map.of()));
        return Map.of(
                "name", "sentiment from " + settings.data().getFileName(), "seed", settings.seed(), "stages", stages);
    }

    private static Map<String, Object> stage(
            String id, String type, Map<String, String> inputs, Map<String, Object> spec) {
        return Map.of("id", id, "type", type, "inputs", inputs, "spec", spec);
    }
}
