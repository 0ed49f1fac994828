package dev.athanor.preprocessing.decontaminate;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.artifacts.shards.LabelledShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.LabelledSplits;
import dev.athanor.contracts.document.Split;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.DecontaminationSpec;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads the texts of evaluation sets from their artifacts. */
public final class BenchmarkTexts {

    private BenchmarkTexts() {}

    /**
     * The index of all benchmarks of a specification.
     *
     * @throws AthanorException INVALID_SPEC for an artifact that holds no texts
     */
    public static BenchmarkIndex index(DecontaminationSpec spec, ArtifactStore store) throws IOException {
        var builder = new BenchmarkIndex.Builder(spec);
        for (int i = 0; i < spec.benchmarks().size(); i++) {
            DecontaminationSpec.Benchmark benchmark = spec.benchmarks().get(i);
            int number = i;
            read(store, benchmark, "decontamination.benchmarks[" + i + "].artifact", text -> builder.add(number, text));
        }
        return builder.build();
    }

    private static void read(
            ArtifactStore store, DecontaminationSpec.Benchmark benchmark, String field, Consumer<String> texts)
            throws IOException {
        Manifest manifest = store.manifest(benchmark.artifact());
        switch (manifest.kind()) {
            case LABELLED_EXAMPLES -> evaluationSplits(store, manifest).forEach(e -> texts.accept(e.text()));
            case RAW_DOCUMENTS, CLEAN_DOCUMENTS -> {
                for (ArtifactFile shard : manifest.filesUnder("documents/")) {
                    try (var documents = new DocumentShardReader(store, shard.blob())) {
                        for (Document document : documents) {
                            texts.accept(document.text());
                        }
                    }
                }
            }
            default ->
                throw AthanorException.invalidSpec(
                        field,
                        manifest.kind().slug(),
                        "an artifact of kind " + ArtifactKind.LABELLED_EXAMPLES.slug() + ", "
                                + ArtifactKind.RAW_DOCUMENTS.slug() + " or " + ArtifactKind.CLEAN_DOCUMENTS.slug());
        }
    }

    /** A set that comes in one part is cut as whoever evaluates on it cuts it. */
    private static List<LabelledExample> evaluationSplits(ArtifactStore store, Manifest manifest) throws IOException {
        List<LabelledExample> all = LabelledShardReader.all(store, manifest);
        var parts = new TreeMap<Split, Integer>();
        all.forEach(e -> parts.merge(e.split(), 1, Integer::sum));
        if (parts.containsKey(Split.VALIDATION) && parts.containsKey(Split.TEST) || !parts.containsKey(Split.TRAIN)) {
            return all.stream().filter(e -> e.split() != Split.TRAIN).toList();
        }
        LabelledSplits splits = LabelledSplits.of(all);
        return java.util.stream.Stream.concat(splits.validation().stream(), splits.test().stream())
                .toList();
    }
}
