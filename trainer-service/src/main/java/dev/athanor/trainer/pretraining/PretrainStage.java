package dev.athanor.trainer.pretraining;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.artifacts.ledger.LedgerCheck;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.data.ShardedTokens;
import dev.athanor.lm.train.Pretraining;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Token shards to a trained language model, as one task: its attempts go on from the checkpoints of those before, to the same
 * bytes.
 */
public final class PretrainStage implements Stage<PretrainSpec> {

    private static final String TOKENIZER = "tokenizer.json";
    private static final String MODEL_FOLDER = "model";

    private final TrainingListener meters;

    /** @param meters is told of every step and validation, of all jobs */
    public PretrainStage(TrainingListener meters) {
        this.meters = meters;
    }

    @Override
    public StageType type() {
        return StageType.PRETRAIN;
    }

    @Override
    public List<TaskPlan> plan(StageContext<PretrainSpec> context) throws IOException {
        if (context.round() == 0) {
            LedgerCheck.require(
                    context.store(),
                    context.input("tokens").id(),
                    "policy",
                    context.spec().policy());
        }
        return context.round() == 0 ? List.of(new TaskPlan("train", Json.tree(Map.of()))) : List.of();
    }

    @Override
    public TaskOutput execute(TaskContext<PretrainSpec> context) throws IOException, InterruptedException {
        PretrainSpec spec = context.spec();
        Manifest tokens = context.input("tokens");
        try (var train = new ShardedTokens(shards(context.store(), tokens, "train/"));
                var validation = new ShardedTokens(shards(context.store(), tokens, "validation/"));
                LanguageModel model = newModel(spec, train.vocabularySize(), context.seed())) {
            var training = new Pretraining(
                    model,
                    PretrainConfigs.training(spec, context.seed()),
                    train,
                    validation,
                    new ScratchCheckpoints(context.scratch()),
                    context.workFolder());
            Pretraining.Result result = training.run(new TaskReport(context, meters));
            var counts = new TreeMap<String, Long>();
            counts.put("parameters", model.parameterCount());
            counts.put("steps", result.steps());
            counts.put("tokens.trained", result.tokens());
            return new TaskOutput(files(context, model), counts, Json.tree(Map.of("loss", result.lossAverage())));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new AthanorException(ErrorCode.INVALID_SPEC, "training cannot go on: " + e.getMessage(), e);
        }
    }

    private static LanguageModel newModel(PretrainSpec spec, int vocabularySize, long seed) {
        Device device = Devices.of(spec.device());
        return LanguageModel.create(PretrainConfigs.model(spec.model(), vocabularySize), seed, device);
    }

    private static List<Path> shards(ArtifactStore store, Manifest tokens, String split) throws IOException {
        List<Path> paths = new ArrayList<>();
        for (ArtifactFile file : tokens.filesUnder(split)) {
            paths.add(store.local(file.blob()));
        }
        return paths;
    }

    private static List<ArtifactFile> files(TaskContext<PretrainSpec> context, LanguageModel model) throws IOException {
        Path folder = context.workFolder().resolve(MODEL_FOLDER);
        model.save(folder);
        List<ArtifactFile> files = new ArrayList<>();
        for (String name : List.of(LanguageModel.CONFIG_FILE, LanguageModel.WEIGHTS_FILE)) {
            files.add(new ArtifactFile(name, context.store().put(folder.resolve(name))));
        }
        BlobRef tokenizer = context.input("tokenizer").file(TOKENIZER);
        files.add(new ArtifactFile(TOKENIZER, tokenizer));
        return files;
    }

    @Override
    public StageOutput merge(StageContext<PretrainSpec> context) {
        TaskOutput trained = context.outputs().getFirst();
        return new StageOutput(
                1, trained.files(), trained.counts(), context.input("tokens").licences());
    }
}
