package dev.athanor.tokenizer.encoding;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
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
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clean documents to memory-mapped token shards, {@code train/} and {@code validation/}: one of each for every document
 * shard that has such tokens. Every document ends with the end-of-sequence token.
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
        Manifest documents = context.input("documents");
        String name = context.payload().get("shard").asString();
        BlobRef tokenizerJson = context.input("tokenizer").file("tokenizer.json");
        Tokenizer tokenizer = Tokenizer.load(context.store().local(tokenizerJson));
        byte[] fingerprint = HexFormat.of().parseHex(tokenizerJson.sha256());
        var holdout = Holdout.of(
                context.spec().validationFraction(), documents.counts().getOrDefault("documents", 0L), context.seed());
        var encoder = new DocumentEncoder(tokenizer);
        try (var train = new SplitWriter("train", context.workFolder(), tokenizer.vocabSize(), fingerprint);
                var validation =
                        new SplitWriter("validation", context.workFolder(), tokenizer.vocabSize(), fingerprint);
                var reader = new DocumentShardReader(context.store(), documents.file(name))) {
            long read = 0;
            for (Document document : reader) {
                int[] ids = encoder.encode(document.text());
                int bytes = document.text().getBytes(StandardCharsets.UTF_8).length;
                int held = holdout.heldOut(document.id(), ids.length);
                train.add(ids, 0, ids.length - held, share(bytes, ids.length - held, ids.length));
                validation.add(ids, ids.length - held, ids.length, share(bytes, held, ids.length));
                if (++read % REPORT_EVERY == 0) {
                    context.checkStop();
                    context.progress(read, 0, "documents", "encoding");
                }
            }
            context.progress(read, read, "documents", "encoding");
            List<ArtifactFile> files = new ArrayList<>();
            var counts = new TreeMap<String, Long>();
            counts.put("documents", read);
            String shard = name.substring(name.lastIndexOf('/') + 1).replace(".jsonl.zst", ".tokens");
            train.publish(context.store(), shard, files, counts);
            validation.publish(context.store(), shard, files, counts);
            return new TaskOutput(files, counts, Json.tree(Map.of()));
        }
    }

    /** The part of a document's bytes that belongs to some of its tokens; exact for all or none of them. */
    private static long share(long bytes, int tokens, int all) {
        return all == 0 ? 0 : Math.round((double) bytes * tokens / all);
    }

    @Override
    public StageOutput merge(StageContext<EncodeSpec> context) {
        List<ArtifactFile> files = new ArrayList<>();
        var counts = new TreeMap<String, Long>();
        for (TaskOutput output : context.outputs()) {
            files.addAll(output.files());
            output.counts().forEach((name, value) -> counts.merge(name, value, Long::sum));
        }
        return new StageOutput(1, files, counts, context.input("documents").licences());
    }
}
