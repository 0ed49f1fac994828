package dev.athanor.contracts.job;

import static dev.athanor.contracts.artifact.ArtifactKind.CLASSIFIER;
import static dev.athanor.contracts.artifact.ArtifactKind.CLEAN_DOCUMENTS;
import static dev.athanor.contracts.artifact.ArtifactKind.DEPLOYMENT_BUNDLE;
import static dev.athanor.contracts.artifact.ArtifactKind.EXPORTED_MODEL;
import static dev.athanor.contracts.artifact.ArtifactKind.LABELLED_EXAMPLES;
import static dev.athanor.contracts.artifact.ArtifactKind.LANGUAGE_MODEL;
import static dev.athanor.contracts.artifact.ArtifactKind.RAW_DOCUMENTS;
import static dev.athanor.contracts.artifact.ArtifactKind.REPORT;
import static dev.athanor.contracts.artifact.ArtifactKind.TEXT_CLASSIFIER;
import static dev.athanor.contracts.artifact.ArtifactKind.TOKENIZER;
import static dev.athanor.contracts.artifact.ArtifactKind.TOKEN_SHARDS;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.json.SpecReader;
import dev.athanor.contracts.spec.AugmentSpec;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.contracts.spec.CorpusReportSpec;
import dev.athanor.contracts.spec.DeploySpec;
import dev.athanor.contracts.spec.EncodeSpec;
import dev.athanor.contracts.spec.ExportSpec;
import dev.athanor.contracts.spec.FinetuneSpec;
import dev.athanor.contracts.spec.GradientCheckSpec;
import dev.athanor.contracts.spec.ImportModelSpec;
import dev.athanor.contracts.spec.ImportTokenizerSpec;
import dev.athanor.contracts.spec.IngestDocumentsSpec;
import dev.athanor.contracts.spec.IngestLabelledSpec;
import dev.athanor.contracts.spec.InspectSpec;
import dev.athanor.contracts.spec.MixSpec;
import dev.athanor.contracts.spec.PerplexitySpec;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.contracts.spec.SentimentReportSpec;
import dev.athanor.contracts.spec.StudyTokenizerSpec;
import dev.athanor.contracts.spec.TrainTextClassifierSpec;
import dev.athanor.contracts.spec.TrainTokenizerSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Every kind of stage: its name {@code <service>.<operation>}, its specification with defaults, the artifacts that it
 * takes by role, and the one artifact that it makes. Adding a stage is one entry here and one {@code Stage} bean there.
 */
public enum StageType {
    INGEST_DOCUMENTS("ingestion.documents", IngestDocumentsSpec.DEFAULTS, Map.of(), RAW_DOCUMENTS),
    INGEST_LABELLED("ingestion.labelled", IngestLabelledSpec.DEFAULTS, Map.of(), LABELLED_EXAMPLES),
    CLEAN("preprocessing.clean", CleanSpec.DEFAULTS, Map.of("documents", RAW_DOCUMENTS), CLEAN_DOCUMENTS),
    MIX("preprocessing.mix", MixSpec.DEFAULTS, Map.of("documents", CLEAN_DOCUMENTS), CLEAN_DOCUMENTS),
    CORPUS_REPORT("preprocessing.report", CorpusReportSpec.DEFAULTS, Map.of("documents", CLEAN_DOCUMENTS), REPORT),
    TRAIN_TEXT_CLASSIFIER(
            "preprocessing.train-classifier",
            TrainTextClassifierSpec.DEFAULTS,
            Map.of("examples", LABELLED_EXAMPLES),
            TEXT_CLASSIFIER),
    AUGMENT("preprocessing.augment", AugmentSpec.DEFAULTS, Map.of("documents", CLEAN_DOCUMENTS), CLEAN_DOCUMENTS),
    AUGMENT_LABELLED(
            "preprocessing.augment-labelled",
            AugmentSpec.DEFAULTS,
            Map.of("examples", LABELLED_EXAMPLES),
            LABELLED_EXAMPLES),
    TRAIN_TOKENIZER("tokenizer.train", TrainTokenizerSpec.DEFAULTS, Map.of("documents", CLEAN_DOCUMENTS), TOKENIZER),
    STUDY_TOKENIZER("tokenizer.study", StudyTokenizerSpec.DEFAULTS, Map.of("documents", CLEAN_DOCUMENTS), REPORT),
    IMPORT_TOKENIZER("tokenizer.import", ImportTokenizerSpec.DEFAULTS, Map.of(), TOKENIZER),
    ENCODE(
            "tokenizer.encode",
            EncodeSpec.DEFAULTS,
            Map.of("documents", CLEAN_DOCUMENTS, "tokenizer", TOKENIZER),
            TOKEN_SHARDS),
    IMPORT_LANGUAGE_MODEL(
            "trainer.import", ImportModelSpec.DEFAULTS, Map.of(), Map.of("tokenizer", TOKENIZER), LANGUAGE_MODEL),
    PRETRAIN(
            "trainer.pretrain",
            PretrainSpec.DEFAULTS,
            Map.of("tokens", TOKEN_SHARDS, "tokenizer", TOKENIZER),
            Map.of(
                    "model", LANGUAGE_MODEL,
                    "tokens-2", TOKEN_SHARDS,
                    "tokens-3", TOKEN_SHARDS,
                    "tokens-4", TOKEN_SHARDS,
                    "tokens-5", TOKEN_SHARDS,
                    "tokens-6", TOKEN_SHARDS,
                    "tokens-7", TOKEN_SHARDS,
                    "tokens-8", TOKEN_SHARDS),
            LANGUAGE_MODEL),
    GRADIENT_CHECK("trainer.gradient-check", GradientCheckSpec.DEFAULTS, Map.of(), REPORT),
    PERPLEXITY(
            "evaluation.perplexity",
            PerplexitySpec.DEFAULTS,
            Map.of("model", LANGUAGE_MODEL, "tokens", TOKEN_SHARDS),
            REPORT),
    FINETUNE(
            "finetune.classifier",
            FinetuneSpec.DEFAULTS,
            Map.of("model", LANGUAGE_MODEL, "examples", LABELLED_EXAMPLES),
            CLASSIFIER),
    SENTIMENT_REPORT(
            "evaluation.sentiment",
            SentimentReportSpec.DEFAULTS,
            Map.of("classifier", CLASSIFIER, "examples", LABELLED_EXAMPLES),
            REPORT),
    EXPORT_LANGUAGE_MODEL("trainer.export", ExportSpec.DEFAULTS, Map.of("model", LANGUAGE_MODEL), EXPORTED_MODEL),
    EXPORT_CLASSIFIER("finetune.export", ExportSpec.DEFAULTS, Map.of("classifier", CLASSIFIER), EXPORTED_MODEL),
    INSPECT("evaluation.inspect", InspectSpec.DEFAULTS, Map.of("model", LANGUAGE_MODEL), REPORT),
    INSPECT_CLASSIFIER("evaluation.inspect-classifier", InspectSpec.DEFAULTS, Map.of("classifier", CLASSIFIER), REPORT),
    DEPLOY("inference.deploy", DeploySpec.DEFAULTS, Map.of("classifier", CLASSIFIER), DEPLOYMENT_BUNDLE);

    private final String id;
    private final Record defaults;
    private final Map<String, ArtifactKind> inputs;
    private final Map<String, ArtifactKind> optionalInputs;
    private final ArtifactKind output;

    StageType(String id, Record defaults, Map<String, ArtifactKind> inputs, ArtifactKind output) {
        this(id, defaults, inputs, Map.of(), output);
    }

    StageType(
            String id,
            Record defaults,
            Map<String, ArtifactKind> inputs,
            Map<String, ArtifactKind> optionalInputs,
            ArtifactKind output) {
        this.id = id;
        this.defaults = defaults;
        this.inputs = inputs;
        this.optionalInputs = optionalInputs;
        this.output = output;
    }

    @JsonValue
    public String id() {
        return id;
    }

    /** The part before the dot: it names the service, and the topics. */
    public String service() {
        return id.substring(0, id.indexOf('.'));
    }

    public Record defaults() {
        return defaults;
    }

    /** Role to kind; all are required. */
    public Map<String, ArtifactKind> inputs() {
        return inputs;
    }

    /** Role to kind of what may be given besides. */
    public Map<String, ArtifactKind> optionalInputs() {
        return optionalInputs;
    }

    /** Role to kind, of all that may be given. */
    public SortedMap<String, ArtifactKind> allInputs() {
        var all = new TreeMap<>(inputs);
        all.putAll(optionalInputs);
        return all;
    }

    public ArtifactKind output() {
        return output;
    }

    /** @throws AthanorException with code INVALID_SPEC, naming the field */
    public Record readSpec(JsonNode json) {
        return SpecReader.read(json, defaults);
    }

    @JsonCreator
    public static StageType of(String id) {
        return Arrays.stream(values())
                .filter(t -> t.id.equals(id))
                .findFirst()
                .orElseThrow(() -> AthanorException.invalidSpec(
                        "type",
                        id,
                        "one of " + Arrays.stream(values()).map(StageType::id).toList()));
    }
}
