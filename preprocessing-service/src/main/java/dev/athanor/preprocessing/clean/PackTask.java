package dev.athanor.preprocessing.clean;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.artifacts.shards.DocumentShardWriter;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.SegmentIndex;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A run of filtered shards, without the copies, as clean shards of about the wanted size. */
final class PackTask {

    private record Payload(int fromShard, int toShard) {}

    private PackTask() {}

    /** Shards next to each other go together until they are as large as a clean shard should be. */
    static List<TaskPlan> plan(StageContext<CleanSpec> context) {
        List<TaskOutput> shards = Phase.FILTER.outputs(context);
        var plan = new ArrayList<TaskPlan>();
        int from = firstOwn(shards);
        long bytes = 0;
        for (int shard = from; shard < shards.size(); shard++) {
            bytes += shards.get(shard).data().get("bytes").asLong();
            if (bytes >= context.spec().shardBytes() || shard + 1 == shards.size()) {
                plan.add(new TaskPlan("pack-%05d".formatted(plan.size()), Json.tree(new Payload(from, shard + 1))));
                from = shard + 1;
                bytes = 0;
            }
        }
        return plan;
    }

    /** Shards of earlier corpora come first; they are not written again. */
    private static int firstOwn(List<TaskOutput> shards) {
        int first = 0;
        while (first < shards.size()
                && shards.get(first).data().path(FilterTask.DATA_PREVIOUS).asBoolean(false)) {
            first++;
        }
        return first;
    }

    static TaskOutput execute(TaskContext<CleanSpec> context) throws IOException, InterruptedException {
        try (var packer = new Packer(context)) {
            int to = context.payload().get("toShard").asInt();
            for (int shard = context.payload().get("fromShard").asInt(); shard < to; shard++) {
                packer.shard(shard);
            }
            return packer.finish();
        }
    }

    private static final class Packer implements AutoCloseable {

        private final TaskContext<CleanSpec> context;
        private final List<ArtifactFile> files = new ArrayList<>();
        private final DropSamples samples = new DropSamples();
        private final TreeMap<String, Long> counts = new TreeMap<>();
        private @Nullable DocumentShardWriter out;

        Packer(TaskContext<CleanSpec> context) {
            this.context = context;
        }

        void shard(int shard) throws IOException, InterruptedException {
            Map<String, BitSet> copies = new LinkedHashMap<>();
            copies.put("duplicate-url", Gone.in(context, shard, Phase.URLS));
            copies.put("exact-duplicate", Gone.in(context, shard, Phase.DEDUPLICATE));
            copies.put("near-duplicate", Gone.in(context, shard, Phase.CLUSTER));
            var parts = new SegmentIndex.Copies(
                    Gone.in(context, shard, Phase.LINES),
                    Gone.in(context, shard, Phase.PARAGRAPHS),
                    Gone.in(context, shard, Phase.WINDOWS));
            var segments = new SegmentIndex(context.spec().dedup());
            TaskOutput filtered = Phase.FILTER.outputs(context).get(shard);
            boolean hasSegments = Phase.hasSegments(context.spec());
            if (!hasSegments) {
                count(
                        "characters",
                        filtered.data().get(FilterTask.DATA_CHARACTERS).asLong());
            }
            try (var in = new DocumentShardReader(
                    context.store(), TaskFiles.of(filtered, TaskFiles.DOCUMENTS).blob())) {
                for (int index = 0; in.nextLine(); index++) {
                    context.checkStop();
                    int at = index;
                    String reason = copies.entrySet().stream()
                            .filter(e -> e.getValue().get(at))
                            .map(Map.Entry::getKey)
                            .findFirst()
                            .orElse(null);
                    if (reason != null) {
                        Document document = in.record();
                        drop(document, reason);
                        if (!hasSegments) {
                            count("characters", -characters(document.text()));
                        }
                    } else if (hasSegments) {
                        writeRest(in.record(), segments, parts);
                    } else {
                        // Most lines go on as they are, without being read.
                        writer().copy(in);
                        written();
                    }
                }
            }
        }

        private void count(String name, long more) {
            counts.merge(name, more, Long::sum);
        }

        private void drop(Document document, String reason) {
            samples.add(DropSample.of(document, "deduplicate", reason));
            counts.merge("documents.dropped." + reason, 1L, Long::sum);
        }

        /** A document without the parts that are copies. */
        private void writeRest(Document document, SegmentIndex segments, SegmentIndex.Copies parts) throws IOException {
            byte[] utf8 = document.text().getBytes(StandardCharsets.UTF_8);
            String rest = segments.without(document.text(), utf8, segments.next(utf8), parts);
            if (rest.isBlank()) {
                drop(document, "duplicate-text");
            } else if (rest.equals(document.text())) {
                write(document);
            } else {
                counts.merge("documents.shortened", 1L, Long::sum);
                counts.merge("characters.duplicate", characters(document.text()) - characters(rest), Long::sum);
                write(document.withText(rest, document.mediaType()));
            }
        }

        private static long characters(String text) {
            return text.codePointCount(0, text.length());
        }

        private void write(Document document) throws IOException {
            writer().write(document);
            count("characters", characters(document.text()));
            written();
        }

        private DocumentShardWriter writer() throws IOException {
            DocumentShardWriter writer = out;
            if (writer == null) {
                writer = new DocumentShardWriter(
                        context.workFolder().resolve("shard-%05d.jsonl.zst".formatted(files.size())));
                out = writer;
            }
            return writer;
        }

        private void written() throws IOException {
            count("documents", 1);
            context.progress(counts.getOrDefault("documents", 0L), 0, "documents", "packing");
            if (writer().jsonBytes() >= context.spec().shardBytes()) {
                closeShard();
            }
        }

        private void closeShard() throws IOException {
            DocumentShardWriter writer = out;
            if (writer != null && writer.file() != null) {
                writer.close();
                out = null;
                files.add(new ArtifactFile(
                        "shard-%05d.jsonl.zst".formatted(files.size()),
                        context.store().put(writer.file())));
            }
        }

        TaskOutput finish() throws IOException {
            closeShard();
            files.add(new ArtifactFile(TaskFiles.SAMPLES, context.store().put(samples.toBytes())));
            return new TaskOutput(files, counts, Json.tree(Map.of()));
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.close();
            }
        }
    }
}
