package dev.athanor.tokenizer.encoding;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.EncodeSpec;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.tokenizer.Encodable;
import dev.athanor.tokenizer.ExpectedDocuments;
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clean documents to memory-mapped token shards, {@code train/} and {@code validation/}: one of each for every document
 * shard that has such tokens, with an index beside each under {@code packing/} where the specification asks for one. What the vocabulary
 * does not know is reported in {@code oov.json} and {@code oov.md}.
 */
public final class EncodeStage implements Stage<EncodeSpec> {

    private static final int REPORT_EVERY = 256;

    @Override
    public StageType type() {
        return StageType.ENCODE;
    }

    @Override
    public List<TaskPlan> plan(StageContext<EncodeSpec> context) {
        if (context.round() > 0) {
            return List.of();
        }
        return context.input("documents").filesUnder("documents/").stream()
                .map(shard -> new TaskPlan(shard.name(), Json.tree(Map.of("shard", shard.name()))))
                .toList();
    }

    @Override
    public TaskOutput execute(TaskContext<EncodeSpec> context) throws IOException, InterruptedException {
        String name = context.payload().get("shard").asString();
        Tokenizer tokenizer =
                Tokenizer.load(context.store().local(context.input("tokenizer").file("tokenizer.json")));
        var oov = new OovCounts(tokenizer);
        BlobRef blob = context.input("documents").file(name);
        long expected = ExpectedDocuments.in(blob, context.input("documents"));
        try (var reader = new DocumentShardReader(context.store(), blob);
                ShardEncoder encoder = ShardEncoder.of(context, tokenizer, oov)) {
            long read = 0;
            for (Document document : reader) {
                Encodable.use(document, encoder::add);
                if (++read % REPORT_EVERY == 0) {
                    context.checkStop();
                    context.progress(read, Math.max(read, expected), "documents", "encoding");
                }
            }
            context.progress(read, read, "documents", "encoding");
            List<ArtifactFile> files = new ArrayList<>();
            var counts = new TreeMap<String, Long>();
            counts.put("documents", read);
            String shard = name.substring(name.lastIndexOf('/') + 1).replace(".jsonl.zst", "");
            encoder.publish(shard, files, counts);
            counts.putAll(oov.counts());
            return new TaskOutput(files, counts, oov.mostFrequent());
        }
    }

    @Override
    public StageOutput merge(StageContext<EncodeSpec> context) throws IOException {
        List<ArtifactFile> files = new ArrayList<>();
        var counts = new TreeMap<String, Long>();
        for (TaskOutput output : context.outputs()) {
            files.addAll(output.files());
            output.counts().forEach((name, value) -> counts.merge(name, value, Long::sum));
        }
        OovReport report = OovReport.of(
                counts, context.outputs().stream().map(TaskOutput::data).toList());
        files.add(new ArtifactFile("oov.json", context.store().put(Json.canonicalBytes(report))));
        files.add(
                new ArtifactFile("oov.md", context.store().put(report.markdown().getBytes(StandardCharsets.UTF_8))));
        return new StageOutput(1, files, counts, context.input("documents").licences());
    }
}
