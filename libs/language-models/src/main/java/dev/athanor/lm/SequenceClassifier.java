package dev.athanor.lm;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.FusedAdamW;
import dev.athanor.libtorch.FusedCrossEntropy;
import dev.athanor.libtorch.LtFunctions;
import dev.athanor.libtorch.RawData;
import dev.athanor.libtorch.RngState;
import dev.athanor.lm.data.SampleOrder;
import dev.athanor.lm.format.ConfigJson;
import dev.athanor.lm.format.SpecialIds;
import dev.athanor.lm.format.WeightFile;
import dev.athanor.lm.format.WeightLayout;
import dev.athanor.lm.model.Initialization;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Operations;
import dev.athanor.lm.model.ParameterSpec;
import dev.athanor.lm.model.Transformer;
import dev.athanor.lm.train.Precision;
import dev.athanor.lm.train.TrainedWeights;
import dev.athanor.lm.train.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A transformer with a linear head over one pooled hidden state a sequence. In a folder it is laid out as Hugging Face's
 * {@code …ForSequenceClassification} (head {@code score.weight} without bias, labels as {@code id2label}).
 *
 * <p>Not safe for several threads while training; {@link #predict} alone may be called by several.
 */
public final class SequenceClassifier implements AutoCloseable {

    private static final String HEAD = "score.weight";
    /** Padded tokens in one forward pass of {@link #predict}, at most (if more than one sequence). */
    private static final int PREDICTED_TOKENS = 4096;

    /** Which hidden state stands for a sequence. */
    public enum Pooling {
        /** That of the last token. */
        LAST,
        /** The mean over all tokens. */
        MEAN,
        /** That of the first token: [CLS] of an encoder. */
        FIRST
    }

    /**
     * Settings of training.
     *
     * @param maxTokens longest sequence that it is trained and used for; 0 = the model's context
     * @param dropout on the transformer's parts and before the head
     */
    public record Options(
            Pooling pooling,
            int maxTokens,
            double dropout,
            Precision precision,
            double weightDecay,
            double clipNorm,
            long seed) {

        public static final Options DEFAULTS = new Options(Pooling.LAST, 0, 0.1, Precision.BF16, 0.01, 1.0, 0);
    }

    private final ModelConfig config;
    private final SpecialIds ids;
    private final List<String> labels;
    private final Options options;
    private final NDManager manager;
    /** Float32: the transformer's parameters, then the head [labels, C]. */
    private final Map<String, NDArray> parameters;

    private Map<String, NDArray> weights;
    private Transformer transformer;
    private @Nullable TrainedWeights trained;
    private long steps;

    /** Copies of all float32 values at one time, in host memory. */
    public record Snapshot(Map<String, byte[]> values) {}

    private SequenceClassifier(
            ModelConfig config,
            SpecialIds ids,
            List<String> labels,
            Options options,
            Device device,
            Map<String, NDArray> given) {
        if (labels.size() < 2 || labels.stream().distinct().count() != labels.size()) {
            throw new IllegalArgumentException("labels are " + labels + ", expected at least two different ones");
        }
        this.config = config.toBuilder().dropout(options.dropout).build();
        this.ids = ids;
        this.labels = List.copyOf(labels);
        this.options = options;
        this.manager = Devices.newManager(device);
        this.parameters = new LinkedHashMap<>(given);
        given.values().forEach(array -> array.attach(manager));
        NDArray head = manager.zeros(new Shape(labels.size(), config.width()), DataType.FLOAT32);
        var spec = new ParameterSpec(
                HEAD, List.of((long) labels.size(), (long) config.width()), 0, config.initializerRange());
        RawData.write(head, values -> Initialization.fill(spec, options.seed, values));
        parameters.put(HEAD, head);
        this.weights = parameters;
        this.transformer = new Transformer(this.config, parameters);
    }

    /** A pretrained language model with a new head. */
    public static SequenceClassifier create(
            Path languageModelFolder, List<String> labels, Options options, Device device) throws IOException {
        try (LanguageModel model = LanguageModel.load(languageModelFolder, device)) {
            return new SequenceClassifier(
                    model.config(), model.specialIds(), labels, options, device, model.parameters());
        }
    }

    /**
     * A saved classifier, to predict with.
     *
     * @param precision bf16 is several times faster on CPUs with AMX and on GPUs, and moves probabilities by about 1e-3
     */
    public static SequenceClassifier load(Path folder, Device device, Precision precision) throws IOException {
        ObjectNode json = ConfigJson.readFile(folder.resolve(LanguageModel.CONFIG_FILE));
        ModelConfig config = ConfigJson.read(json);
        Pooling pooling;
        try {
            pooling = Pooling.valueOf(
                    json.path("athanor_pooling").asString("last").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "athanor_pooling is '" + json.path("athanor_pooling") + "', expected last, mean or first", e);
        }
        int maxTokens = json.path("athanor_max_tokens").asInt(0);
        if (maxTokens < 0 || maxTokens > config.context()) {
            throw new IOException(
                    "athanor_max_tokens is " + maxTokens + ", expected at most the context " + config.context());
        }
        var options = new Options(pooling, maxTokens, 0, precision, 0, 0, 0);
        try (LanguageModel empty = LanguageModel.create(config, 0, device)) {
            var classifier = new SequenceClassifier(
                    config, SpecialIds.read(json), labels(json), options, device, empty.parameters());
            try {
                WeightFile.read(
                        folder.resolve(LanguageModel.WEIGHTS_FILE),
                        config,
                        ConfigJson.layout(json, config),
                        classifier.parameters);
                classifier.computeIn(precision);
                return classifier;
            } catch (IOException | RuntimeException e) {
                classifier.close();
                throw e;
            }
        }
    }

    private static List<String> labels(ObjectNode json) throws IOException {
        var labels = new ArrayList<String>();
        var byId = json.path("id2label");
        for (int id = 0; byId.has(Integer.toString(id)); id++) {
            labels.add(byId.path(Integer.toString(id)).asString());
        }
        if (labels.size() < 2 || labels.size() != byId.size()) {
            throw new IOException("id2label is " + byId + ", expected at least two labels with ids from 0 on");
        }
        return labels;
    }

    private void computeIn(Precision precision) {
        if (precision != Precision.FP32) {
            var copies = new LinkedHashMap<String, NDArray>();
            parameters.forEach((name, array) -> copies.put(name, array.toType(precision.type(), true)));
            weights = copies;
            transformer = new Transformer(config, copies);
        }
    }

    /** Writes {@code config.json} and {@code model.safetensors} (float32) into the folder. */
    public void save(Path folder) throws IOException {
        Files.createDirectories(folder);
        ObjectNode json = ConfigJson.write(config, ids);
        String architecture = json.path("architectures").path(0).asString("AthanorForCausalLM");
        json.putArray("architectures")
                .add(architecture.replaceFirst("(LMHeadModel|ForCausalLM)$", "ForSequenceClassification"));
        ObjectNode byId = json.putObject("id2label");
        ObjectNode byLabel = json.putObject("label2id");
        for (int id = 0; id < labels.size(); id++) {
            byId.put(Integer.toString(id), labels.get(id));
            byLabel.put(labels.get(id), id);
        }
        json.put("athanor_pooling", options.pooling.name().toLowerCase(Locale.ROOT));
        json.put("athanor_max_tokens", maxTokens());
        ConfigJson.writeFile(folder.resolve(LanguageModel.CONFIG_FILE), json);
        WeightFile.write(folder.resolve(LanguageModel.WEIGHTS_FILE), config, WeightLayout.of(config), parameters());
    }

    /** Float32: the transformer's by the names of {@link ParameterSpec#of}, then {@code score.weight}, [labels, C]. */
    public Map<String, NDArray> parameters() {
        if (trained != null) {
            trained.writeBack();
        }
        return Collections.unmodifiableMap(parameters);
    }

    /** Which hidden state of a text is classified. */
    public Pooling pooling() {
        return options.pooling;
    }

    /** In the order of the classes. */
    public List<String> labels() {
        return labels;
    }

    /** The transformer's. */
    public ModelConfig config() {
        return config;
    }

    /** Where the parameters are. */
    public Device device() {
        return manager.getDevice();
    }

    /** Longest sequence, in tokens. */
    public int maxTokens() {
        return options.maxTokens == 0 ? config.context() : Math.min(options.maxTokens, config.context());
    }

    /**
     * One optimizer step on a batch: forward, backward, clipping, AdamW. Random numbers follow from the seed and the number of
     * steps made.
     *
     * @param ids one array of 1 to {@link #maxTokens} token ids a sequence
     * @param classes the class of each sequence
     * @return mean loss of the batch, in nats
     */
    public double trainStep(int[][] ids, int[] classes, double learningRate) {
        if (ids.length != classes.length || ids.length == 0) {
            throw new IllegalArgumentException(ids.length + " sequences and " + classes.length + " classes");
        }
        TrainedWeights training = trained();
        long randomness = SampleOrder.mix(options.seed ^ SampleOrder.mix(steps++));
        double loss = forwardBackward(ids, classes, randomness);
        training.collectGradients();
        double norm = training.step(learningRate, options.clipNorm);
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            throw new ArithmeticException("training step " + steps + " has loss " + loss + " and gradient norm " + norm
                    + "; try a lower learning rate");
        }
        return loss;
    }

    private double forwardBackward(int[][] ids, int[] classes, long randomness) {
        try (NDManager step = Devices.newManager(manager.getDevice());
                Autograd.Scope recording = Autograd.record()) {
            Pooled pooled =
                    RngState.seeded(randomness, () -> pooled(step, ids, true).dropped(options.dropout));
            if (pooled.auxiliaryLoss != null) {
                Autograd.backwardRetainingGraph(pooled.auxiliaryLoss, pooled.auxiliaryLoss.onesLike());
            }
            NDArray classes_B =
                    step.create(Arrays.stream(classes).asLongStream().toArray());
            return new FusedCrossEntropy()
                    .backward(pooled.hidden_BC, head(), null, classes_B)
                    .mean();
        }
    }

    private TrainedWeights trained() {
        if (trained == null) {
            trained = new TrainedWeights(
                    parameters, options.precision, options.weightDecay, new FusedAdamW.Options(0.9, 0.999, 1e-8));
            weights = trained.weights();
            transformer = new Transformer(config, weights);
        }
        return trained;
    }

    /** Writes all that training goes on from: weights, optimizer and the number of steps made. */
    public void saveTraining(Path file) throws IOException {
        TrainingState.write(file, trained(), new TreeMap<>(Map.of("step", Long.toString(steps))));
    }

    /**
     * Goes on from a saved state: what follows is the same to the bit as without the break. The classifier must have been
     * created like the one that was saved.
     */
    public void loadTraining(Path file) throws IOException {
        try (var state = new TrainingState.Reader(file)) {
            state.into(trained());
            steps = Long.parseLong(state.metadata().getOrDefault("step", ""));
        }
    }

    /** Mean loss in nats over the sequences, without dropout. */
    public double loss(int[][] ids, int[] classes) {
        float[][] probabilities = predict(ids);
        double sum = 0;
        for (int i = 0; i < ids.length; i++) {
            sum -= Math.log(Math.max(1e-30, probabilities[i][classes[i]]));
        }
        return sum / ids.length;
    }

    /**
     * Probabilities of the classes. Sequences of like length are computed together.
     *
     * @param ids any number of sequences of 1 to {@link #maxTokens} token ids
     * @return [ids.length][labels], rows sum to 1
     */
    public float[][] predict(int[][] ids) {
        var probabilities = new float[ids.length][];
        int[] byLength = IntStream.range(0, ids.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> ids[i].length))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int from = 0; from < byLength.length; ) {
            int to = from + 1;
            while (to < byLength.length && (to + 1 - from) * ids[byLength[to]].length <= PREDICTED_TOKENS) {
                to++;
            }
            predict(ids, Arrays.copyOfRange(byLength, from, to), probabilities);
            from = to;
        }
        return probabilities;
    }

    private void predict(int[][] ids, int[] chosen, float[][] probabilities) {
        int[][] batch = Arrays.stream(chosen).mapToObj(i -> ids[i]).toArray(int[][]::new);
        try (NDManager scope = Devices.newManager(manager.getDevice());
                Autograd.Scope noGrad = Autograd.noGrad()) {
            NDArray logits_BL = LtFunctions.linear(pooled(scope, batch, false).hidden_BC, head(), null);
            float[] flat_BL =
                    LtFunctions.softmax(logits_BL, -1, DataType.FLOAT32).toFloatArray();
            for (int b = 0; b < chosen.length; b++) {
                probabilities[chosen[b]] = Arrays.copyOfRange(flat_BL, b * labels.size(), (b + 1) * labels.size());
            }
        }
    }

    private NDArray head() {
        return Objects.requireNonNull(weights.get(HEAD));
    }

    /** One hidden state a sequence, and what experts add to the loss. */
    private record Pooled(NDArray hidden_BC, @Nullable NDArray auxiliaryLoss) {
        Pooled dropped(double rate) {
            return new Pooled(LtFunctions.dropout(hidden_BC, rate), auxiliaryLoss);
        }
    }

    /**
     * The prediction of one sequence by other operations, in float32 and without dropout; recorded where recording is on.
     *
     * @return logits, [1, labels], owned by {@code scope}
     */
    public NDArray logits(NDManager scope, int[] ids, Operations operations) {
        Map<String, NDArray> values = parameters();
        var other = new Transformer(config, values, operations);
        NDArray hidden_BC = pooled(other, scope, new int[][] {ids}, false).hidden_BC;
        return operations.linear("score", hidden_BC, Objects.requireNonNull(values.get(HEAD)), null);
    }

    private Pooled pooled(NDManager scope, int[][] ids, boolean training) {
        return pooled(transformer, scope, ids, training);
    }

    /** Sequences are padded at the end. */
    private Pooled pooled(Transformer transformer, NDManager scope, int[][] ids, boolean training) {
        int B = ids.length;
        int T = Arrays.stream(ids).mapToInt(row -> row.length).max().orElse(0);
        var padded_BT = new long[B * T];
        for (int b = 0; b < B; b++) {
            if (ids[b].length == 0) {
                throw new IllegalArgumentException("sequence " + b + " has no tokens, expected at least one");
            }
            for (int t = 0; t < ids[b].length; t++) {
                padded_BT[b * T + t] = checked(ids[b][t]);
            }
        }
        int[] lengths = Arrays.stream(ids).mapToInt(row -> row.length).toArray();
        NDArray ids_BT = scope.create(padded_BT, new Shape(B, T));
        Transformer.Output output = transformer.forward(new Transformer.Input(ids_BT, lengths, null, training, null));
        return new Pooled(pool(scope, ids, output.hidden_BTC()), output.auxiliaryLoss());
    }

    private NDArray pool(NDManager scope, int[][] ids, NDArray hidden_BTC) {
        int B = ids.length;
        int T = (int) hidden_BTC.getShape().get(1);
        return switch (options.pooling) {
            case FIRST -> LtFunctions.narrow(hidden_BTC, 1, 0, 1).reshape(B, config.width());
            case LAST -> {
                long[] last_B = IntStream.range(0, B)
                        .mapToLong(b -> (long) b * T + ids[b].length - 1)
                        .toArray();
                yield LtFunctions.embedding(scope.create(last_B), hidden_BTC.reshape(-1, config.width()));
            }
            case MEAN -> {
                var share_BT = new float[B * T];
                for (int b = 0; b < B; b++) {
                    Arrays.fill(share_BT, b * T, b * T + ids[b].length, 1f / ids[b].length);
                }
                NDArray share_B1T = scope.create(share_BT, new Shape(B, 1, T)).toType(hidden_BTC.getDataType(), false);
                yield share_B1T.matMul(hidden_BTC).reshape(B, config.width());
            }
        };
    }

    private int checked(int id) {
        if (id < 0 || id >= config.vocabularySize()) {
            throw new IllegalArgumentException("token id " + id + ", expected 0 to " + (config.vocabularySize() - 1));
        }
        return id;
    }

    /** Keeps the values of now, to come back to. */
    public Snapshot snapshot() {
        var values = new LinkedHashMap<String, byte[]>();
        current()
                .forEach((name, array) -> values.put(
                        name, RawData.read(array, bytes -> bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))));
        return new Snapshot(values);
    }

    /** Goes back to the values of a snapshot; the optimizer's moments stay. */
    public void restore(Snapshot snapshot) {
        current()
                .forEach((name, array) -> RawData.write(
                        array,
                        target -> target.copyFrom(java.lang.foreign.MemorySegment.ofArray(snapshot.values.get(name)))));
        if (trained != null) {
            trained.mastersChanged();
        }
    }

    private Map<String, NDArray> current() {
        return trained == null ? parameters : trained.masters();
    }

    @Override
    public void close() {
        if (trained != null) {
            trained.close();
        }
        manager.close();
    }
}
