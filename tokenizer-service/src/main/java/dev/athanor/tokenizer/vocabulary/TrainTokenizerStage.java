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
import dev.athanor.tokenizer.Encodable;
import dev.athanor.tokenizer.ExpectedDocuments;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.tokenizers.training.BoundedWordCounts;
import dev.athanor.tokenizers.training.SpillingWordCounter;
import dev.athanor.tokenizers.training.WordRuns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clean documents to {@code tokenizer.json}. Round 0 counts words, one task a shard; round 1 is one task that adds the counts up and
 * learns the vocabulary from the sum, which does not depend on the order of the shards. Both keep to the memory that the specification
 * allows: counting by writing sorted runs, training by leaving out the rarest words.
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
        return switch (context.round()) {
            case 0 ->
                context.input("documents").filesUnder("documents/").stream()
                        .map(shard -> new TaskPlan(shard.name(), Json.tree(Map.of("shard", shard.name()))))
                        .toList();
            case 1 -> List.of(new TaskPlan("train", Json.tree(Map.of())));
            default -> List.of();
        };
    }

    @Override
    public TaskOutput execute(TaskContext<TrainTokenizerSpec> context) throws IOException, InterruptedException {
        return context.round() == 0 ? count(context) : train(context);
    }

    private static long memory(TaskContext<TrainTokenizerSpec> context) {
        return (long) context.spec().memoryMiB() << 20;
    }

    private static TaskOutput count(TaskContext<TrainTokenizerSpec> context) throws IOException, InterruptedException {
        Manifest documents = context.input("documents");
        BlobRef shard = documents.file(context.payload().get("shard").asString());
        var counter = new SpillingWordCounter(
                Recipes.of(context.spec().algorithm()).counter(context.spec()), context.workFolder(), memory(context));
        long read = 0;
        long characters = 0;
        long expected = ExpectedDocuments.in(shard, documents);
        try (var reader = new DocumentShardReader(context.store(), shard)) {
            for (Document document : reader) {
                Encodable.use(document, d -> counter.count(d.text()));
                characters += document.text().length();
                if (++read % REPORT_EVERY == 0) {
                    context.checkStop();
                    context.progress(read, Math.max(read, expected), "documents", "counting words");
                }
            }
        }
        context.progress(read, read, "documents", "counting words");
        Path file = context.workFolder().resolve("words");
        counter.finish(file);
        BlobRef words = context.store().put(file);
        var counts = new TreeMap<>(Map.of("documents", read, "characters", characters));
        return new TaskOutput(List.of(new ArtifactFile("words", words)), counts, Json.tree(Map.of()));
    }

    private static TaskOutput train(TaskContext<TrainTokenizerSpec> context) throws IOException, InterruptedException {
        List<Path> runs = new ArrayList<>();
        for (TaskOutput counted : context.outputs(0)) {
            runs.add(context.store().local(counted.files().getFirst().blob()));
        }
        context.progress(0, 1, "vocabularies", "adding up words");
        BoundedWordCounts words = BoundedWordCounts.of(new WordRuns(runs), memory(context));
        context.checkStop();
        context.progress(0, 1, "vocabularies", "training on " + words.counts().size() + " words");
        Tokenizer tokenizer = Tokenizer.of(Recipes.of(context.spec().algorithm())
                .train(words.counts(), context.spec())
                .tokenizer());
        context.progress(1, 1, "vocabularies", "trained");
        BlobRef json = context.store().put(tokenizer.toJson().getBytes(StandardCharsets.UTF_8));
        var counts = new TreeMap<String, Long>();
        counts.put("words.distinct", words.words());
        counts.put("words.trained", (long) words.counts().size());
        counts.put("words.total", words.occurrences());
        counts.put("vocabulary", (long) tokenizer.vocabSize());
        return new TaskOutput(List.of(new ArtifactFile("tokenizer.json", json)), counts, Json.tree(Map.of()));
    }

    @Override
    public StageOutput merge(StageContext<TrainTokenizerSpec> context) {
        var counts = new TreeMap<String, Long>();
        for (TaskOutput output : context.outputs()) {
            output.counts().forEach((name, value) -> counts.merge(name, value, Long::sum));
        }
        return new StageOutput(
                1,
                context.outputs(1).getFirst().files(),
                counts,
                context.input("documents").licences());
    }
}
