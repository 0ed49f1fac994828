package dev.athanor.libtorch;

import ai.djl.BaseModel;
import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.Pair;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A DJL model: a block of Java code with parameters, or a TorchScript file for inference. */
final class LtModel extends BaseModel {
    LtModel(@Nullable String name, @Nullable Device device) {
        super(name);
        manager = LtNDManager.system().newSubManager(device);
        manager.setName("ltModel");
        dataType = DataType.FLOAT32;
    }

    @Override
    public void load(Path modelPath, @Nullable String prefix, @Nullable Map<String, ?> options)
            throws IOException, MalformedModelException {
        setModelDir(modelPath);
        wasLoaded = true;
        if (block != null) {
            loadBlock(prefix == null ? modelName : prefix, options);
            return;
        }
        Path file = prefix == null
                ? findTorchScript(modelName, modelDir.toFile().getName(), "model.pt")
                : findTorchScript(prefix);
        if (file == null) {
            throw new FileNotFoundException(
                    (prefix == null ? modelName : prefix) + ".pt file not found in: " + modelDir);
        }
        LtSymbolBlock loaded = new LtSymbolBlock((LtNDManager) manager);
        loaded.load(file);
        block = loaded;
        block.freezeParameters(true);
    }

    @Override
    public void load(InputStream modelStream, @Nullable Map<String, ?> options)
            throws IOException, MalformedModelException {
        wasLoaded = true;
        if (block != null) {
            readParameters(modelStream, options == null ? Map.of() : options);
            return;
        }
        Path file = Files.createTempFile("model", ".pt");
        try {
            Files.copy(modelStream, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            LtSymbolBlock loaded = new LtSymbolBlock((LtNDManager) manager);
            loaded.load(file);
            block = loaded;
            block.freezeParameters(true);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private @Nullable Path findTorchScript(String... prefixes) {
        if (Files.isRegularFile(modelDir)) {
            Path file = modelDir;
            modelDir = modelDir.getParent();
            modelName = file.getFileName().toString().replaceFirst("\\.pt$", "");
            return file;
        }
        for (String prefix : prefixes) {
            for (String name : List.of(prefix, prefix + ".pt")) {
                Path file = modelDir.resolve(name);
                if (Files.isRegularFile(file)) {
                    return file;
                }
            }
        }
        return null;
    }

    @Override
    public Trainer newTrainer(TrainingConfig trainingConfig) {
        if (block == null) {
            throw new IllegalStateException("You must set a block for the model before creating a new trainer");
        }
        if (wasLoaded) {
            block.freezeParameters(
                    false,
                    p -> p.getType() != Parameter.Type.RUNNING_MEAN && p.getType() != Parameter.Type.RUNNING_VAR);
        }
        for (Pair<Initializer, Predicate<Parameter>> pair : trainingConfig.getInitializers()) {
            if (pair.getKey() != null && pair.getValue() != null) {
                block.setInitializer(pair.getKey(), pair.getValue());
            }
        }
        return new Trainer((Model) this, trainingConfig);
    }

    @Override
    public String[] getArtifactNames() {
        try (Stream<Path> files = Files.walk(modelDir)) {
            List<String> names = new ArrayList<>();
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().endsWith(".pt"))
                    .forEach(file -> names.add(modelDir.relativize(file).toString()));
            return names.toArray(new String[0]);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot list " + modelDir, e);
        }
    }
}
