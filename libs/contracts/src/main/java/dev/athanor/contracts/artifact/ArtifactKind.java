package dev.athanor.contracts.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.athanor.contracts.error.AthanorException;
import java.util.Arrays;
import java.util.Locale;

/** What an artifact holds; written in lower case with hyphens ({@code raw-documents}). */
public enum ArtifactKind {
    /**
     * Shards of {@link dev.athanor.contracts.document.Document} as ingested: {@code documents/*.jsonl.zst}; beside them
     * {@code dead-letters.jsonl.zst} and {@code ledger.jsonl.zst}.
     */
    RAW_DOCUMENTS,
    /** Shards of {@link dev.athanor.contracts.document.Document}, cleaned: {@code documents/*.jsonl.zst}. */
    CLEAN_DOCUMENTS,
    /**
     * Shards of {@link dev.athanor.contracts.document.LabelledExample}: {@code train/*.jsonl.zst},
     * {@code validation/*.jsonl.zst}, {@code test/*.jsonl.zst}.
     */
    LABELLED_EXAMPLES,
    /** {@code tokenizer.json}. */
    TOKENIZER,
    /**
     * Memory-mapped token shards, {@code train/} and {@code validation/}; where they were packed, an index beside each
     * under {@code packing/}; {@code oov.json}, {@code oov.md}.
     */
    TOKEN_SHARDS,
    /** {@code config.json}, {@code model.safetensors}, {@code tokenizer.json}. */
    LANGUAGE_MODEL,
    /** As a language model, with a classification head and {@code labels} in its configuration. */
    CLASSIFIER,
    /** A language model or classifier for other runtimes: {@code model.onnx} with what belongs to it. */
    EXPORTED_MODEL,
    /** A linear classifier of texts, for filters: {@code model.json}, {@code weights.bin}. */
    TEXT_CLASSIFIER,
    /** {@code report.json}, {@code report.md}, and plots. */
    REPORT,
    /** What an inference service loads: model, tokenizer, labels and limits. */
    DEPLOYMENT_BUNDLE;

    @JsonValue
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @JsonCreator
    public static ArtifactKind of(String slug) {
        return Arrays.stream(values())
                .filter(k -> k.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> AthanorException.invalidSpec(
                        "kind",
                        slug,
                        "one of "
                                + Arrays.stream(values())
                                        .map(ArtifactKind::slug)
                                        .toList()));
    }
}
