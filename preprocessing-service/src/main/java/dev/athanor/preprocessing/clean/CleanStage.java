package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.classify.LinearClassifier;
import dev.athanor.preprocessing.decontaminate.Contamination;
import dev.athanor.preprocessing.filter.Filters;
import dev.athanor.preprocessing.pii.PiiRedactor;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code preprocessing.clean}. Rounds: filter each raw shard by itself; find copies over all shards by ranges of their
 * fingerprints; match MinHash bands likewise, and cluster what matches; find copied lines, paragraphs and substrings in what is
 * left; write the clean shards ({@code documents/shard-NNNNN.jsonl.zst}). Beside them, {@code samples.jsonl.zst} shows
 * some of the dropped documents. The order of the documents is that of the raw shards.
 */
public final class CleanStage implements Stage<CleanSpec> {

    private static final int SCHEMA_VERSION = 1;

    private final UnaryOperator<@Nullable String> environment;

    public CleanStage() {
        this(System::getenv);
    }

    /** @param environment name of a variable to its value, or null: keys are there, never in specifications */
    public CleanStage(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    @Override
    public StageType type() {
        return StageType.CLEAN;
    }

    @Override
    public List<TaskPlan> plan(StageContext<CleanSpec> context) throws IOException {
        List<Phase> phases = Phase.of(context.spec());
        if (context.round() == phases.size()) {
            return List.of();
        }
        return switch (phases.get(context.round())) {
            case FILTER -> {
                Filters.of(
                        context.spec(),
                        id -> LinearClassifier.load(
                                context.store(), id)); // refuses unknown filters and limits before any work
                if (context.spec().pii().on()) {
                    PiiRedactor.of(context.spec().pii(), environment); // refuses a missing key
                }
                yield FilterTask.plan(context);
            }
            case URLS, DEDUPLICATE, LINES, PARAGRAPHS, ANCHORS, WINDOWS -> DuplicatesTask.plan(context);
            case MATCH -> MatchTask.plan(context);
            case CLUSTER -> ClusterTask.plan();
            case SEGMENT -> SegmentTask.plan(context, "segment");
            case WINDOW -> SegmentTask.plan(context, "window");
            case PACK -> PackTask.plan(context);
        };
    }

    @Override
    public TaskOutput execute(TaskContext<CleanSpec> context) throws IOException, InterruptedException {
        return switch (Phase.of(context.spec()).get(context.round())) {
            case FILTER -> FilterTask.execute(context, environment);
            case URLS, DEDUPLICATE, LINES, PARAGRAPHS, ANCHORS, WINDOWS -> DuplicatesTask.execute(context);
            case MATCH -> MatchTask.execute(context);
            case CLUSTER -> ClusterTask.execute(context);
            case SEGMENT -> SegmentTask.segment(context);
            case WINDOW -> SegmentTask.window(context);
            case PACK -> PackTask.execute(context);
        };
    }

    @Override
    public StageOutput merge(StageContext<CleanSpec> context) throws IOException {
        List<Phase> phases = Phase.of(context.spec());
        var counts = new TreeMap<String, Long>();
        var files = new ArrayList<ArtifactFile>();
        var licences = new TreeSet<String>();
        var samples = new DropSamples();
        var contamination = new TreeMap<String, Contamination>();
        for (int round = 0; round < context.round(); round++) {
            for (TaskOutput output : context.outputs(round)) {
                output.counts().forEach((name, count) -> counts.merge(name, count, Long::sum));
                for (ArtifactFile file : output.files()) {
                    if (file.name().equals(TaskFiles.SAMPLES)) {
                        samples.addAll(context.store().open(file.blob()));
                    } else if (file.name().equals(TaskFiles.CONTAMINATION)) {
                        contaminationOf(context, file)
                                .forEach(c -> contamination.merge(c.benchmark(), c, Contamination::plus));
                    } else if (phases.get(round) == Phase.PACK) {
                        int number = files.size();
                        files.add(new ArtifactFile("documents/shard-%05d.jsonl.zst".formatted(number), file.blob()));
                    }
                }
                output.data().path("licences").forEach(licence -> licences.add(licence.asString()));
            }
        }
        files.add(new ArtifactFile(TaskFiles.SAMPLES, context.store().put(samples.toBytes())));
        if (!contamination.isEmpty()) {
            files.add(new ArtifactFile(
                    TaskFiles.CONTAMINATION,
                    context.store().put(Json.canonicalBytes(List.copyOf(contamination.values())))));
        }
        contamination.forEach((name, found) -> {
            counts.put("contaminated." + name + ".exact", found.documentsExact());
            counts.put("contaminated." + name + ".fuzzy", found.documentsFuzzy());
            counts.put("contaminated." + name + ".texts", (long) found.found().size());
        });
        return new StageOutput(SCHEMA_VERSION, files, counts, List.copyOf(licences));
    }

    private static List<Contamination> contaminationOf(StageContext<CleanSpec> context, ArtifactFile file)
            throws IOException {
        try (var in = context.store().open(file.blob())) {
            return List.of(Json.MAPPER.readValue(in.readAllBytes(), Contamination[].class));
        }
    }
}
