package dev.athanor.finetune.classifier;

import ai.djl.Device;
import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.shards.LabelledShardReader;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.document.LabelledExample;
import dev.athanor.contracts.document.LabelledSplits;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.spec.FinetuneSpec;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.TextClassifier;
import dev.athanor.lm.TextEncoder;
import dev.athanor.lm.train.Precision;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.tokenizers.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code finetune.classifier}: one task, which goes on from its last complete epoch after a kill. */
public final class FinetuneStage implements Stage<FinetuneSpec> {

    @Override
    public StageType type() {
        return StageType.FINETUNE;
    }

    @Override
    public List<TaskPlan> plan(StageContext<FinetuneSpec> context) {
        return context.round() == 0 ? List.of(new TaskPlan("train", Json.tree(Map.of()))) : List.of();
    }

    @Override
    public TaskOutput execute(TaskContext<FinetuneSpec> context) throws IOException, InterruptedException {
        FinetuneSpec spec = context.spec();
        Path modelFolder = ArtifactFolder.link(
                context.store(), context.input("model"), context.workFolder().resolve("model"));
        LabelledSplits splits = LabelledSplits.of(LabelledShardReader.all(context.store(), context.input("examples")));
        int maxTokens =
                Math.min(spec.maxTokens(), LanguageModel.readConfig(modelFolder).context());
        var encoder = new TextEncoder(Tokenizer.load(modelFolder.resolve(TextClassifier.TOKENIZER_FILE)), maxTokens);
        Device device = Devices.of(spec.device());
        var options = new SequenceClassifier.Options(
                SequenceClassifier.Pooling.LAST,
                maxTokens,
                spec.dropout(),
                Precision.of(spec.precision()),
                spec.weightDecay(),
                spec.clipNorm(),
                context.seed());
        var files = new TrainingFiles(
                context.scratch(), Files.createDirectory(context.workFolder().resolve("files")));
        var training = new FineTuning(
                spec,
                context.seed(),
                tokenized(encoder, splits, splits.train()),
                tokenized(encoder, splits, splits.validation()),
                files,
                new Reporter(context));
        History history = training.run(() -> {
            try {
                return SequenceClassifier.create(modelFolder, splits.labels(), options, device);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return output(context, history, files);
    }

    private static TokenizedExamples tokenized(
            TextEncoder encoder, LabelledSplits splits, List<LabelledExample> examples) {
        int[][] tokens =
                examples.stream().map(e -> encoder.encode(e.text()).ids()).toArray(int[][]::new);
        return new TokenizedExamples(tokens, splits.classes(examples));
    }

    private static TaskOutput output(TaskContext<FinetuneSpec> context, History history, TrainingFiles files)
            throws IOException {
        var store = context.store();
        List<ArtifactFile> outputs = List.of(
                new ArtifactFile(
                        LanguageModel.CONFIG_FILE, store.put(files.fetchBest(history, LanguageModel.CONFIG_FILE))),
                new ArtifactFile(
                        LanguageModel.WEIGHTS_FILE, store.put(files.fetchBest(history, LanguageModel.WEIGHTS_FILE))),
                new ArtifactFile(
                        TextClassifier.TOKENIZER_FILE, context.input("model").file(TextClassifier.TOKENIZER_FILE)),
                new ArtifactFile("finetune.json", store.put(Json.canonicalBytes(history))));
        var counts = new TreeMap<>(Map.of(
                "examples.train", (long) history.trainExamples(),
                "examples.validation", (long) history.validationExamples(),
                "epochs", (long) history.epochs().size(),
                "steps", (long) history.steps()));
        return new TaskOutput(outputs, counts, Json.tree(Map.of()));
    }

    @Override
    public StageOutput merge(StageContext<FinetuneSpec> context) {
        TaskOutput only = context.outputs().getFirst();
        var licences = new TreeSet<>(context.input("model").licences());
        licences.addAll(context.input("examples").licences());
        return new StageOutput(1, only.files(), only.counts(), List.copyOf(licences));
    }

    /** Passes on to the runtime what training tells. */
    private record Reporter(TaskContext<FinetuneSpec> context) implements FineTuning.Listener {

        @Override
        public void step(int step, int steps, double loss, double learningRate) {
            context.progress(step, steps, "steps", String.format(Locale.ROOT, "loss %.3f", loss));
            context.metrics(
                    List.of(new MetricPoint("loss", step, loss), new MetricPoint("learning_rate", step, learningRate)));
        }

        @Override
        public void epoch(History history) {
            History.Epoch last = history.epochs().getLast();
            context.progress(
                    last.steps(),
                    history.plannedSteps(),
                    "steps",
                    String.format(
                            Locale.ROOT,
                            "epoch %d: validation accuracy %.4f, macro-F1 %.4f",
                            last.epoch(),
                            last.accuracy(),
                            last.macroF1()));
            context.metrics(List.of(
                    new MetricPoint("epoch_train_loss", last.steps(), last.trainLoss()),
                    new MetricPoint("validation_loss", last.steps(), last.validationLoss()),
                    new MetricPoint("validation_accuracy", last.steps(), last.accuracy()),
                    new MetricPoint("validation_macro_f1", last.steps(), last.macroF1())));
        }

        @Override
        public void checkStop() throws InterruptedException {
            context.checkStop();
        }
    }
}
