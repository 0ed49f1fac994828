package dev.athanor.lm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.format.ConfigJson;
import dev.athanor.lm.format.SpecialIds;
import dev.athanor.lm.format.WeightFile;
import dev.athanor.lm.format.WeightLayout;
import dev.athanor.lm.model.Initialization;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ParameterSpec;
import dev.athanor.lm.model.Transformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/**
 * A configuration and its float32 parameters on a device. In a folder it is {@code config.json} and {@code model.safetensors}, laid
 * out as Hugging Face's transformers library has it for the model's family; several files with {@code model.safetensors.index.json}
 * are read too.
 */
public final class LanguageModel implements AutoCloseable {

    public static final String CONFIG_FILE = "config.json";
    public static final String WEIGHTS_FILE = "model.safetensors";

    private final ModelConfig config;
    private final SpecialIds ids;
    private final NDManager manager;
    private final Map<String, NDArray> parameters;

    private LanguageModel(ModelConfig config, SpecialIds ids, Device device) {
        this.config = config;
        this.ids = ids;
        this.manager = Devices.newManager(device);
        var byName = new LinkedHashMap<String, NDArray>();
        for (ParameterSpec spec : ParameterSpec.of(config)) {
            long[] shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
            byName.put(spec.name(), manager.zeros(new Shape(shape), DataType.FLOAT32));
        }
        this.parameters = Collections.unmodifiableMap(byName);
    }

    /** A model with the initial weights of {@link Initialization}: the same for the same seed, everywhere. */
    public static LanguageModel create(ModelConfig config, long seed, Device device) {
        var model = new LanguageModel(config, SpecialIds.NONE, device);
        for (ParameterSpec spec : ParameterSpec.of(config)) {
            model.initialize(spec, seed);
        }
        return model;
    }

    /** @throws IOException if a file is missing or does not hold what the configuration asks for */
    public static LanguageModel load(Path folder, Device device) throws IOException {
        return load(folder, UnaryOperator.identity(), 0, device);
    }

    /**
     * A saved model, to be trained on with more parts than it has: what the file lacks begins as in {@link #create}.
     *
     * @param change adds heads or segments to the configuration; it keeps the shapes of all parameters that there are
     * @throws IOException if a file is missing or does not hold what its configuration asks for
     */
    public static LanguageModel load(Path folder, UnaryOperator<ModelConfig> change, long seed, Device device)
            throws IOException {
        ObjectNode json = ConfigJson.readFile(folder.resolve(CONFIG_FILE));
        Path weights = folder.resolve(WEIGHTS_FILE);
        ModelConfig saved = readConfig(folder, json);
        WeightLayout layout = ConfigJson.layout(json, saved);
        WeightFile.check(weights, saved, layout);
        var model = new LanguageModel(change.apply(saved), SpecialIds.read(json), device);
        try {
            var known = new LinkedHashMap<String, NDArray>();
            for (ParameterSpec spec : ParameterSpec.of(saved)) {
                known.put(spec.name(), model.parameter(spec.name()));
            }
            WeightFile.read(weights, saved, layout, known);
            for (ParameterSpec spec : ParameterSpec.of(model.config)) {
                if (!known.containsKey(spec.name())) {
                    model.initialize(spec, seed);
                }
            }
            return model;
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private void initialize(ParameterSpec spec, long seed) {
        RawData.write(parameter(spec.name()), values -> Initialization.fill(spec, seed, values));
    }

    /** @throws IOException if {@code config.json} is missing, or describes no model that is known here */
    public static ModelConfig readConfig(Path folder) throws IOException {
        return readConfig(folder, ConfigJson.readFile(folder.resolve(CONFIG_FILE)));
    }

    private static ModelConfig readConfig(Path folder, ObjectNode json) throws IOException {
        boolean open = json.path("model_type").asString("").equals(WeightLayout.BERT.modelType())
                && json.path("architectures").isEmpty();
        return open
                ? ConfigJson.read(json, WeightFile.names(folder.resolve(WEIGHTS_FILE))::contains)
                : ConfigJson.read(json);
    }

    /** Writes both files into the folder, which is made if absent. */
    public void save(Path folder) throws IOException {
        save(folder, ids);
    }

    /** As {@link #save(Path)}, with other special tokens. */
    public void save(Path folder, SpecialIds ids) throws IOException {
        Files.createDirectories(folder);
        ConfigJson.writeFile(folder.resolve(CONFIG_FILE), ConfigJson.write(config, ids));
        WeightFile.write(folder.resolve(WEIGHTS_FILE), config, WeightLayout.of(config), parameters);
    }

    /** What the parameters are the parameters of. */
    public ModelConfig config() {
        return config;
    }

    /** As the file had them; none of a model that was created. */
    public SpecialIds specialIds() {
        return ids;
    }

    /** Where the parameters are. */
    public Device device() {
        return manager.getDevice();
    }

    /** The manager of the parameters, closed with the model. */
    public NDManager manager() {
        return manager;
    }

    /** Float32, by the names and in the order of {@link ParameterSpec#of}. */
    public Map<String, NDArray> parameters() {
        return parameters;
    }

    /** @throws IllegalArgumentException if the configuration has no parameter of this name */
    public NDArray parameter(String name) {
        NDArray parameter = parameters.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("the model has no parameter '" + name + "'");
        }
        return parameter;
    }

    /** Number of trained values. */
    public long parameterCount() {
        return ParameterSpec.count(config);
    }

    /** The forward pass over the float32 parameters themselves. */
    public Transformer transformer() {
        return new Transformer(config, parameters);
    }

    /**
     * The forward pass over copies of the parameters in another type, which are freed with {@code owner}.
     *
     * @param type e.g. {@link DataType#BFLOAT16} for fast inference
     */
    public Transformer transformer(NDManager owner, DataType type) {
        var copies = new LinkedHashMap<String, NDArray>();
        parameters.forEach((name, array) -> {
            NDArray copy = array.toType(type, true);
            copy.attach(owner);
            copies.put(name, copy);
        });
        return new Transformer(config, copies);
    }

    @Override
    public void close() {
        manager.close();
    }
}
