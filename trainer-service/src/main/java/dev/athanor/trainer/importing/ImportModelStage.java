package dev.athanor.trainer.importing;

import ai.djl.Device;
import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.artifact.BlobRef;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.ImportModelSpec;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.format.ConfigJson;
import dev.athanor.lm.format.SpecialIds;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ParameterSpec;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.StageOutput;
import dev.athanor.stage.api.TaskContext;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.data.DataRoots;
import dev.athanor.tokenizers.Tokenizer;
import dev.athanor.trainer.models.ModelFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code trainer.import}: files of a model in Hugging Face's layout to a language model. Weights are read, checked against the
 * configuration, and written anew in float32, so that all that takes a language model takes this one.
 */
public final class ImportModelStage implements Stage<ImportModelSpec> {

    private static final String TOKENIZER_ROLE = "tokenizer";

    private final DataRoots roots;
    private final long mostBytes;

    /** @param mostBytes of weights in float32, which are in memory at once */
    public ImportModelStage(DataRoots roots, long mostBytes) {
        this.roots = roots;
        this.mostBytes = mostBytes;
    }

    @Override
    public StageType type() {
        return StageType.IMPORT_LANGUAGE_MODEL;
    }

    @Override
    public List<TaskPlan> plan(StageContext<ImportModelSpec> context) throws IOException {
        if (context.round() > 0) {
            return List.of();
        }
        files(context);
        return List.of(new TaskPlan("import", Json.tree(Map.of())));
    }

    private ModelFolder files(StageContext<ImportModelSpec> context) throws IOException {
        boolean own = !context.roles().contains(TOKENIZER_ROLE);
        return ModelFolder.of(context.spec(), roots, context.store(), own);
    }

    @Override
    public TaskOutput execute(TaskContext<ImportModelSpec> context) throws IOException, InterruptedException {
        Path folder = files(context).link(context.workFolder().resolve("given"));
        ObjectNode json =
                Faults.named(ImportModelSpec.CONFIG, () -> ConfigJson.readFile(folder.resolve(ImportModelSpec.CONFIG)));
        ModelConfig config = Faults.named(ImportModelSpec.CONFIG, () -> LanguageModel.readConfig(folder));
        SpecialIds ids = Faults.named(ImportModelSpec.CONFIG, () -> SpecialIds.read(json));
        bound(config);
        BlobRef tokenizer = tokenizer(context, folder, config);
        context.checkStop();
        try (LanguageModel model =
                Faults.named(ImportModelSpec.WEIGHTS, () -> LanguageModel.load(folder, Device.cpu()))) {
            context.checkStop();
            List<ArtifactFile> files = ModelFiles.store(
                    context.store(),
                    context.workFolder().resolve("model"),
                    model,
                    SpecialIds.in(json) ? ids : null,
                    tokenizer);
            var counts = new TreeMap<String, Long>();
            counts.put("parameters", model.parameterCount());
            counts.put("vocabulary", (long) config.vocabularySize());
            return new TaskOutput(files, counts, Json.tree(Map.of()));
        }
    }

    private void bound(ModelConfig config) {
        long bytes;
        try {
            bytes = Math.multiplyExact(ParameterSpec.count(config), (long) Float.BYTES);
        } catch (ArithmeticException e) {
            bytes = Long.MAX_VALUE;
        }
        if (bytes > mostBytes) {
            throw new AthanorException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "file '" + ImportModelSpec.CONFIG + "': the model takes " + bytes
                            + " bytes in float32, expected at most " + mostBytes
                            + ", which this machine's memory holds");
        }
    }

    /** As {@code tokenizer.import} writes it, so that both give the same bytes. */
    private static BlobRef tokenizer(TaskContext<ImportModelSpec> context, Path folder, ModelConfig config)
            throws IOException {
        boolean given = context.roles().contains(TOKENIZER_ROLE);
        Path file = given
                ? context.store().local(context.input(TOKENIZER_ROLE).file(ImportModelSpec.TOKENIZER))
                : folder.resolve(ImportModelSpec.TOKENIZER);
        Tokenizer tokenizer = Faults.named(ImportModelSpec.TOKENIZER, () -> Tokenizer.load(file));
        if (tokenizer.vocabSize() > config.vocabularySize()) {
            throw Faults.of(
                    ImportModelSpec.TOKENIZER,
                    "has " + tokenizer.vocabSize() + " tokens, expected at most the vocab_size of "
                            + ImportModelSpec.CONFIG + ", " + config.vocabularySize());
        }
        return given
                ? context.input(TOKENIZER_ROLE).file(ImportModelSpec.TOKENIZER)
                : context.store().put(tokenizer.toJson().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public StageOutput merge(StageContext<ImportModelSpec> context) {
        TaskOutput only = context.outputs().getFirst();
        String licence = context.spec().licence();
        return new StageOutput(1, only.files(), only.counts(), licence == null ? List.of() : List.of(licence));
    }
}
