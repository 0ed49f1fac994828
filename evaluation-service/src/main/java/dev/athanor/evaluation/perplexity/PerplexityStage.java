package dev.athanor.evaluation.perplexity;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.PerplexitySpec;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.Perplexity;
import dev.athanor.lm.data.ShardedTokens;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.tokenizers.TokenBytes;
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code evaluation.perplexity}: a language model on the held-out token shards, beside n-grams of the others. One task; in float32. */
public final class PerplexityStage implements Stage<PerplexitySpec> {

    @Override
    public StageType type() {
        return StageType.PERPLEXITY;
    }

    @Override
    public List<TaskPlan> plan(StageContext<PerplexitySpec> context) {
        return context.round() == 0 ? List.of(new TaskPlan("perplexity", Json.tree(Map.of()))) : List.of();
    }

    @Override
    public TaskOutput execute(TaskContext<PerplexitySpec> context) throws IOException, InterruptedException {
        Path folder = ArtifactFolder.link(
                context.store(), context.input("model"), context.workFolder().resolve("model"));
        Device device = Devices.of("auto");
        try (LanguageModel model = LanguageModel.load(folder, device);
                ShardedTokens tokens = new ShardedTokens(shards(context, "validation/"))) {
            if (tokens.size() < 2) {
                throw new AthanorException(
                        ErrorCode.INVALID_REQUEST,
                        "tokens: expected held-out tokens, but the validation split has " + tokens.size());
            }
            Tokenizer tokenizer = Tokenizer.load(folder.resolve("tokenizer.json"));
            int[] bytesOfToken = TokenBytes.of(tokenizer);
            Perplexity measured = Perplexity.of(
                    model.transformer(),
                    device,
                    tokens,
                    context.spec().batchSize(),
                    context.spec().maxTokens(),
                    bytesOfToken);
            var baseline = NgramBaseline.of(
                    context.spec(),
                    shards(context, "train/"),
                    tokens,
                    model.config().vocabularySize(),
                    bytesOfToken);
            return output(context, PerplexityReport.of(measured, baseline));
        }
    }

    private static List<Path> shards(TaskContext<PerplexitySpec> context, String folder) throws IOException {
        List<Path> shards = new ArrayList<>();
        for (ArtifactFile shard : context.input("tokens").filesUnder(folder)) {
            shards.add(context.store().local(shard.blob()));
        }
        return shards;
    }

    private static TaskOutput output(TaskContext<PerplexitySpec> context, PerplexityReport report) throws IOException {
        context.metrics(List.of(new MetricPoint("perplexity", 0, report.perplexity())));
        List<ArtifactFile> files = List.of(
                new ArtifactFile("report.json", context.store().put(Json.canonicalBytes(report))),
                new ArtifactFile(
                        "report.md", context.store().put(report.markdown().getBytes(StandardCharsets.UTF_8))));
        return new TaskOutput(files, new TreeMap<>(Map.of("tokens", report.tokens())), Json.tree(Map.of()));
    }

    @Override
    public StageOutput merge(StageContext<PerplexitySpec> context) {
        TaskOutput only = context.outputs().getFirst();
        return new StageOutput(
                1, only.files(), only.counts(), context.input("model").licences());
    }
}
