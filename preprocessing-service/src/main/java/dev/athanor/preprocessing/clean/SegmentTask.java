package dev.athanor.preprocessing.clean;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.contracts.spec.DedupSpec;
import dev.athanor.preprocessing.dedup.FingerprintWriter;
import dev.athanor.preprocessing.dedup.SegmentIndex;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One filtered shard without the documents that are copies: fingerprints of the parts of its texts. */
final class SegmentTask {

    /** Rounds that find copies of whole documents. */
    static final Phase[] DOCUMENTS = {Phase.URLS, Phase.DEDUPLICATE, Phase.CLUSTER};

    private record Payload(int shard) {}

    /** Called for each document that is no copy. */
    private interface Visitor {
        void visit(byte[] text, SegmentIndex.Start start);
    }

    private SegmentTask() {}

    static List<TaskPlan> plan(StageContext<CleanSpec> context, String name) {
        var plan = new ArrayList<TaskPlan>();
        for (int shard = 0; shard < Phase.FILTER.outputs(context).size(); shard++) {
            plan.add(new TaskPlan("%s-%05d".formatted(name, shard), Json.tree(new Payload(shard))));
        }
        return plan;
    }

    /** Lines, paragraphs and anchors. */
    static TaskOutput segment(TaskContext<CleanSpec> context) throws IOException, InterruptedException {
        DedupSpec spec = context.spec().dedup();
        var index = new SegmentIndex(spec);
        var output = new Output(context);
        walk(context, index, (text, start) -> {
            if (spec.lines()) {
                index.lines(text, start, output.to(TaskFiles.LINES));
            }
            if (spec.paragraphs()) {
                index.paragraphs(text, start, output.to(TaskFiles.PARAGRAPHS));
            }
            if (spec.substring() > 0) {
                index.anchors(text, start, output.to(TaskFiles.ANCHORS));
            }
        });
        var names = new ArrayList<String>();
        names.addAll(spec.lines() ? List.of(TaskFiles.LINES) : List.of());
        names.addAll(spec.paragraphs() ? List.of(TaskFiles.PARAGRAPHS) : List.of());
        names.addAll(spec.substring() > 0 ? List.of(TaskFiles.ANCHORS) : List.of());
        return output.store(names);
    }

    /** Windows around anchors that occur more than once. */
    static TaskOutput window(TaskContext<CleanSpec> context) throws IOException, InterruptedException {
        BitSet shared = Gone.in(context, context.payload().get("shard").asInt(), Phase.ANCHORS);
        var index = new SegmentIndex(context.spec().dedup());
        var output = new Output(context);
        walk(context, index, (text, start) -> index.windows(text, start, shared, output.to(TaskFiles.WINDOWS)));
        return output.store(List.of(TaskFiles.WINDOWS));
    }

    private static void walk(TaskContext<CleanSpec> context, SegmentIndex index, Visitor visitor)
            throws IOException, InterruptedException {
        int shard = context.payload().get("shard").asInt();
        BitSet gone = Gone.in(context, shard, DOCUMENTS);
        var file = TaskFiles.of(Phase.FILTER.outputs(context).get(shard), TaskFiles.DOCUMENTS);
        try (var in = new DocumentShardReader(context.store(), file.blob())) {
            int read = 0;
            for (Document document : in) {
                context.checkStop();
                if (!gone.get(read++)) {
                    byte[] text = document.text().getBytes(StandardCharsets.UTF_8);
                    visitor.visit(text, index.next(text));
                }
                context.progress(read, 0, "documents", context.name());
            }
        }
    }

    /** Fingerprint files by name, and how many fingerprints are in each. */
    private static final class Output {

        private final TaskContext<CleanSpec> context;
        private final Map<String, FingerprintWriter> writers = new TreeMap<>();
        private final Map<String, Long> records = new TreeMap<>();

        Output(TaskContext<CleanSpec> context) {
            this.context = context;
        }

        private FingerprintWriter writer(String name) {
            return writers.computeIfAbsent(name, n -> new FingerprintWriter(context.workFolder(), n));
        }

        SegmentIndex.Numbered to(String name) {
            FingerprintWriter writer = writer(name);
            return (fingerprint, number) -> {
                writer.add(fingerprint, number);
                records.merge(name, 1L, Long::sum);
            };
        }

        TaskOutput store(List<String> names) throws IOException {
            var files = new ArrayList<ArtifactFile>();
            for (String name : names) {
                files.add(TaskFiles.store(context, name, writer(name)));
            }
            return new TaskOutput(files, new TreeMap<>(), Json.tree(records));
        }
    }
}
