package dev.athanor.evaluation.perplexity;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.TokensTokenizer;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.Manifest;
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
import dev.athanor.lm.format.ConfigJson;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.stage.api.SingleTaskStage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
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
public final class PerplexityStage extends SingleTaskStage<PerplexitySpec> {

    public PerplexityStage() {
        super(StageType.PERPLEXITY, "model");
    }

    @Override
    protected void check(StageContext<PerplexitySpec> context) throws IOException {
        Manifest model = context.input("model");
        ModelConfig config =
                ConfigJson.read(ConfigJson.readFile(context.store().local(model.file(LanguageModel.CONFIG_FILE))));
        if (config.stack() != ModelConfig.Stack.DECODER) {
            throw AthanorException.invalidSpec(
                    "inputs.model",
                    "an encoder",
                    "a decoder: an encoder sees the tokens after the one that is to be predicted, so that it has no perplexity; how well it"
                            + " predicts hidden tokens is validation_loss in the metrics of its training");
        }
        TokensTokenizer.require(context.store(), "tokens", context.input("tokens"), "model", model);
    }

    @Override
    public TaskOutput execute(TaskContext<PerplexitySpec> context) throws IOException, InterruptedException {
        Path folder = ArtifactFolder.link(
                context.store(), context.input("model"), context.workFolder().resolve("model"));
        Device device = Devices.of("auto");
        try (LanguageModel model = LanguageModel.load(folder, device);
                ShardedTokens tokens = new ShardedTokens(shards(context, "validation/"))) {
            requireTokenizer(context, tokens);
            if (tokens.size() < 2) {
                throw new AthanorException(
                        ErrorCode.INVALID_REQUEST,
                        "tokens: expected held-out tokens, but the validation split has " + tokens.size());
            }
            Tokenizer tokenizer = Tokenizer.load(folder.resolve(TokensTokenizer.FILE));
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

    private static void requireTokenizer(TaskContext<PerplexitySpec> context, ShardedTokens tokens) {
        try {
            tokens.requireTokenizer(
                    context.input("model").file(TokensTokenizer.FILE).sha256());
        } catch (IllegalArgumentException e) {
            throw new AthanorException(ErrorCode.INVALID_REQUEST, "inputs.tokens: " + e.getMessage(), e);
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
}
