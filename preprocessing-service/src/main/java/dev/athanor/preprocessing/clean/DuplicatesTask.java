package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.EqualFingerprints;
import dev.athanor.preprocessing.dedup.Positions;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One range of fingerprints over all shards: the places of the copies (of anchors: of the first ones too), sorted. */
final class DuplicatesTask {

    private DuplicatesTask() {}

    static List<TaskPlan> plan(StageContext<CleanSpec> context) {
        Phase phase = phase(context);
        long records = switch (phase) {
            case URLS, DEDUPLICATE -> FingerprintRange.documents(context);
            case WINDOWS -> FingerprintRange.sum(context, Phase.WINDOW, file(phase));
            default -> FingerprintRange.sum(context, Phase.SEGMENT, file(phase));
        };
        return FingerprintRange.plan(phase.name().toLowerCase(Locale.ROOT), records);
    }

    static TaskOutput execute(TaskContext<CleanSpec> context) throws IOException {
        Phase phase = phase(context);
        var found = new Positions();
        EqualFingerprints.Match later = (first, again) -> found.add(again);
        switch (phase) {
            case URLS -> FingerprintRange.find(context, Phase.FILTER, file(phase), Gone.none(), later);
            case DEDUPLICATE ->
                FingerprintRange.find(context, Phase.FILTER, file(phase), Gone.of(context, Phase.URLS), later);
            case ANCHORS ->
                FingerprintRange.find(context, Phase.SEGMENT, file(phase), Gone.none(), (first, again) -> {
                    found.add(first);
                    found.add(again);
                });
            case WINDOWS -> FingerprintRange.find(context, Phase.WINDOW, file(phase), Gone.none(), later);
            default -> FingerprintRange.find(context, Phase.SEGMENT, file(phase), Gone.none(), later);
        }
        Path file = context.workFolder().resolve(TaskFiles.DUPLICATES);
        found.write(file);
        return output(context, file);
    }

    /** @param file positions in order */
    static TaskOutput output(TaskContext<CleanSpec> context, Path file) throws IOException {
        return new TaskOutput(
                List.of(new ArtifactFile(TaskFiles.DUPLICATES, context.store().put(file))),
                new TreeMap<>(),
                Json.tree(Map.of()));
    }

    private static Phase phase(StageContext<CleanSpec> context) {
        return Phase.of(context.spec()).get(context.round());
    }

    private static String file(Phase phase) {
        return switch (phase) {
            case URLS -> TaskFiles.URLS;
            case DEDUPLICATE -> TaskFiles.FINGERPRINTS;
            case LINES -> TaskFiles.LINES;
            case PARAGRAPHS -> TaskFiles.PARAGRAPHS;
            case ANCHORS -> TaskFiles.ANCHORS;
            case WINDOWS -> TaskFiles.WINDOWS;
            default -> throw new IllegalArgumentException(phase + " is no search for copies");
        };
    }
}
