package dev.athanor.tokenizer.vocabulary;

import dev.athanor.artifacts.shards.DocumentShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.document.Document;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.TrainTokenizerSpec;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.training.WordCounter;
import dev.athanor.tokenizers.training.WordCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clean documents to {@code tokenizer.json}: words are counted shard by shard, counts are added up, and the vocabulary is
 * learnt from the sum, which does not depend on the order of the shards.
 */
public final class TrainTokenizerStage implements Stage<TrainTokenizerSpec> {

    private static final int REPORT_EVERY = 256;

    @Override
    public StageType type() {
        return StageType.TRAIN_TOKENIZER;
    }

    @Override
    public List<TaskPlan> plan(StageContext<TrainTokenizerSpec> context) {
        Recipes.of(context.spec().algorithm());
        if (context.round() > 0) {
            return List.of();
        }
        return context.input("documents").filesUnder("documents/").stream()
                .map(shard -> new TaskPlan(shard.name(), Json.tree(Map.of("shard", shard.name()))))
                .toList();
    }

    @Override
    public TaskOutput execute(TaskContext<TrainTokenizerSpec> context) throws IOException, InterruptedException {
        Manifest documents = context.input("documents");
        BlobRef shard = documents.file(context.payload().get("shard").asString());
        WordCounter counter = Recipes.of(context.spec().algorithm()).counter();
        long read = 0;
        long characters = 0;
        try (var reader = new DocumentShardReader(context.store(), shard)) {
            for (Document document : reader) {
                counter.count(document.text());
                characters += document.text().length();
                if (++read % REPORT_EVERY == 0) {
                    context.checkStop();
                    context.progress(read, 0, "documents", "counting words");
                }
            }
        }
        context.progress(read, read, "documents", "counting words");
        Path file = context.workFolder().resolve("words");
        counter.counts().write(file);
        BlobRef words = context.store().put(file);
        var counts = new TreeMap<>(Map.of("documents", read, "characters", characters));
        return new TaskOutput(List.of(new ArtifactFile("words", words)), counts, Json.tree(Map.of()));
    }

    @Override
    public StageOutput merge(StageContext<TrainTokenizerSpec> context) throws IOException {
        var words = new WordCounts();
        var counts = new TreeMap<String, Long>();
        for (TaskOutput output : context.outputs()) {
            words.read(context.store().local(output.files().getFirst().blob()));
            output.counts().forEach((name, value) -> counts.merge(name, value, Long::sum));
        }
        Tokenizer tokenizer =
                Tokenizer.of(Recipes.of(context.spec().algorithm()).train(words, context.spec()));
        counts.put("words.distinct", (long) words.size());
        counts.put("words.total", words.total());
        counts.put("vocabulary", (long) tokenizer.vocabSize());
        BlobRef json = context.store().put(tokenizer.toJson().getBytes(StandardCharsets.UTF_8));
        return new StageOutput(
                1,
                List.of(new ArtifactFile("tokenizer.json", json)),
                counts,
                context.input("documents").licences());
    }
}
