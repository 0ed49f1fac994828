package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.FingerprintWriter;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Names of the files that tasks hand to the next round. */
final class TaskFiles {

    static final String DOCUMENTS = "documents.jsonl.zst";
    static final String FINGERPRINTS = "fingerprints.bin";
    static final String BANDS = "bands.bin";
    static final String URLS = "urls.bin";
    static final String LINES = "lines.bin";
    static final String PARAGRAPHS = "paragraphs.bin";
    static final String ANCHORS = "anchors.bin";
    static final String WINDOWS = "windows.bin";
    static final String DUPLICATES = "duplicates.bin";
    static final String MATCHES = "matches.bin";
    static final String CONTAMINATION = "contamination.json";
    static final String SAMPLES = "samples.jsonl.zst";

    private TaskFiles() {}

    static ArtifactFile of(TaskOutput output, String name) {
        return output.files().stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("task made no file '" + name + "', only " + output.files()));
    }

    static List<ArtifactFile> rawShards(dev.athanor.contracts.artifact.Manifest raw) {
        return raw.filesUnder("documents/").stream()
                .filter(f -> f.name().endsWith(".jsonl.zst"))
                .toList();
    }

    static ArtifactFile store(TaskContext<CleanSpec> context, String name, FingerprintWriter fingerprints)
            throws IOException {
        Path file = context.workFolder().resolve(name);
        fingerprints.write(file);
        return new ArtifactFile(name, context.store().put(file));
    }
}
