package dev.athanor.lm.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.Architectures;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Transformer;
import dev.athanor.lm.onnx.OnnxRun.Floats;
import dev.athanor.lm.train.Precision;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported files in onnxruntime against the engine. */
class OnnxExportTest {

    private static final float TOLERANCE = 1e-4f;
    private static final long[] LONG = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
    private static final long[] SHORT = {2, 7, 1, 8, 2, 8, 1};

    @TempDir
    Path folder;

    /** All options, and none of the weights at a value at which it would have no effect. */
    static Stream<Arguments> architectures() {
        return Stream.concat(
                Architectures.all(),
                Stream.of(Arguments.of(
                        "sinusoidal with several query heads a key",
                        ModelConfig.llama(12, 16, 2, 6, 36)
                                .keyValueHeads(3)
                                .positions(ModelConfig.Positions.SINUSOIDAL)
                                .build())));
    }

    static Stream<Arguments> decoders() {
        return architectures().filter(a -> ((ModelConfig) a.get()[1]).stack() == ModelConfig.Stack.DECODER);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("architectures")
    void logitsEqualTheEnginesInABatchPaddedAtEitherEnd(String name, ModelConfig config) throws Exception {
        try (LanguageModel model = model(config)) {
            OnnxExport.write(model, false, folder);
            Map<String, float[][]> expectedLong = engine(model, LONG);
            Map<String, float[][]> expectedShort = engine(model, SHORT);
            try (var onnx = new OnnxRun(folder.resolve("model.onnx"))) {
                for (int before : new int[] {0, LONG.length - SHORT.length}) {
                    Map<String, Floats> outputs = onnx.run(batch(config, before));
                    assertThat(outputs.keySet()).isEqualTo(expectedLong.keySet());
                    for (String output : outputs.keySet()) {
                        assertRows(outputs.get(output), 0, 0, expectedLong.get(output));
                        assertRows(outputs.get(output), 1, before, expectedShort.get(output));
                    }
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("decoders")
    void stepsWithACacheEqualTheWholeSequence(String name, ModelConfig config) throws Exception {
        try (LanguageModel model = model(config)) {
            OnnxExport.write(model, true, folder);
            float[][] expectedLong = engine(model, LONG).get("logits");
            float[][] expectedShort = engine(model, SHORT).get("logits");
            try (var onnx = new OnnxRun(folder.resolve("model.onnx"))) {
                // 5 and 3 tokens first, the second sequence padded by 2; then one at a time, then two.
                long[][] mask = {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}};
                var inputs = new LinkedHashMap<String, Object>(emptyPast(config));
                inputs.put("input_ids", new long[][] {Arrays.copyOf(LONG, 5), Arrays.copyOf(SHORT, 5)});
                inputs.put("attention_mask", mask);
                Map<String, Floats> outputs = onnx.run(inputs);
                assertRows(outputs.get("logits"), 0, 0, Arrays.copyOf(expectedLong, 5));
                assertRows(outputs.get("logits"), 1, 0, Arrays.copyOf(expectedShort, 3));
                int done = 0;
                for (int step : new int[] {1, 1, 2}) {
                    mask = Arrays.stream(mask).map(row -> longer(row, step)).toArray(long[][]::new);
                    inputs.clear();
                    for (var output : outputs.entrySet()) {
                        if (output.getKey().startsWith("present")) {
                            inputs.put(output.getKey().replace("present", "past_key_values"), output.getValue());
                        }
                    }
                    inputs.put("input_ids", new long[][] {
                        Arrays.copyOfRange(LONG, 5 + done, 5 + done + step),
                        Arrays.copyOfRange(SHORT, 3 + done, 3 + done + step)
                    });
                    inputs.put("attention_mask", mask);
                    outputs = onnx.run(inputs);
                    assertRows(
                            outputs.get("logits"), 0, 0, Arrays.copyOfRange(expectedLong, 5 + done, 5 + done + step));
                    assertRows(
                            outputs.get("logits"), 1, 0, Arrays.copyOfRange(expectedShort, 3 + done, 3 + done + step));
                    done += step;
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClassifierGivesItsLabelsLogits(SequenceClassifier.Pooling pooling) throws Exception {
        ModelConfig config = (ModelConfig)
                (pooling == SequenceClassifier.Pooling.LAST
                        ? Architectures.decoderConfigs().get("grouped-query")
                        : Architectures.encoderConfigs().get("bert"));
        try (LanguageModel model = model(config)) {
            model.save(folder.resolve("base"));
        }
        var options = new SequenceClassifier.Options(pooling, 0, 0.1, Precision.FP32, 0.01, 1, 0);
        try (var classifier = SequenceClassifier.create(
                folder.resolve("base"), List.of("bad", "neutral", "good"), options, Device.cpu())) {
            classifier.trainStep(new int[][] {ints(LONG), ints(SHORT)}, new int[] {2, 0}, 0.05);
            OnnxExport.write(classifier, folder);
            float[][] expected = classifier.predict(new int[][] {ints(LONG), ints(SHORT)});
            assertThat(expected[0]).as("rows differ").isNotEqualTo(expected[1]);
            try (var onnx = new OnnxRun(folder.resolve("model.onnx"))) {
                for (int before : new int[] {0, LONG.length - SHORT.length}) {
                    Map<String, Object> inputs = batch(config, before);
                    inputs.computeIfPresent("token_type_ids", (name, types) -> new long[2][LONG.length]);
                    Floats logits = onnx.run(inputs).get("logits");
                    assertThat(logits.shape()).containsExactly(2, 3);
                    for (int row = 0; row < 2; row++) {
                        assertThat(softmax(logits.at(row))).containsExactly(expected[row], within(TOLERANCE));
                    }
                }
            }
        }
    }

    @Test
    void largeWeightsLieInAFileOfTheirOwn() throws Exception {
        ModelConfig config = Architectures.decoderConfigs().get("llama");
        try (LanguageModel model = model(config)) {
            assertThat(OnnxExport.write(model, false, folder.resolve("one"))).containsExactly("model.onnx");
            assertThat(OnnxExport.write(model, false, folder.resolve("two"), 10_000))
                    .containsExactly("model.onnx", "model.onnx_data");
            OnnxExport.write(model, false, folder.resolve("again"), 10_000);
        }
        assertThat(folder.resolve("two/model.onnx")).hasSameBinaryContentAs(folder.resolve("again/model.onnx"));
        assertThat(folder.resolve("two/model.onnx_data"))
                .hasSameBinaryContentAs(folder.resolve("again/model.onnx_data"));
        assertThat(Files.size(folder.resolve("two/model.onnx")))
                .isLessThan(Files.size(folder.resolve("one/model.onnx")) / 2);
        try (var one = new OnnxRun(folder.resolve("one/model.onnx"));
                var two = new OnnxRun(folder.resolve("two/model.onnx"))) {
            assertThat(two.run(batch(config, 0)).get("logits").values())
                    .isEqualTo(one.run(batch(config, 0)).get("logits").values());
        }
    }

    @Test
    void inputsHaveTheNamesAndShapesOfOptimum() throws Exception {
        try (LanguageModel model = model(Architectures.decoderConfigs().get("grouped-query"))) {
            OnnxExport.write(model, true, folder);
        }
        try (var onnx = new OnnxRun(folder.resolve("model.onnx"))) {
            assertThat(onnx.inputs().keySet())
                    .containsExactly(
                            "input_ids",
                            "attention_mask",
                            "past_key_values.0.key",
                            "past_key_values.0.value",
                            "past_key_values.1.key",
                            "past_key_values.1.value");
            assertThat(onnx.inputs().get("past_key_values.0.key").getShape()).containsExactly(-1, 2, -1, 8);
            assertThat(onnx.inputs().get("past_key_values.0.key").getDimensionNames())
                    .containsExactly("batch_size", "", "past_sequence_length", "");
        }
    }

    /** Both sequences, the shorter one with padding before and after it. */
    private static Map<String, Object> batch(ModelConfig config, int before) {
        var shorter = new long[LONG.length];
        var mask = new long[LONG.length];
        System.arraycopy(SHORT, 0, shorter, before, SHORT.length);
        Arrays.fill(mask, before, before + SHORT.length, 1);
        var whole = new long[LONG.length];
        Arrays.fill(whole, 1);
        var inputs = new LinkedHashMap<String, Object>();
        inputs.put("input_ids", new long[][] {LONG, shorter});
        inputs.put("attention_mask", new long[][] {whole, mask});
        if (config.segments() > 0) {
            inputs.put("token_type_ids", new long[][] {segments(0), segments(before)});
        }
        return inputs;
    }

    /** 0 for the first four tokens, then 1. */
    private static long[] segments(int before) {
        var types = new long[LONG.length];
        Arrays.fill(types, before + 4, types.length, 1);
        return types;
    }

    private static Map<String, Floats> emptyPast(ModelConfig config) {
        var past = new LinkedHashMap<String, Floats>();
        for (int i = 0; i < config.layers(); i++) {
            for (String part : List.of("key", "value")) {
                past.put(
                        "past_key_values." + i + "." + part,
                        new Floats(new float[0], 2, config.keyValueHeads(), 0, config.headWidth()));
            }
        }
        return past;
    }

    /** Rows of what the engine gives for one sequence, by the names of the outputs. */
    private static Map<String, float[][]> engine(LanguageModel model, long[] ids) {
        try (NDManager manager = Devices.newManager(Device.cpu());
                Autograd.Scope noGrad = Autograd.noGrad()) {
            Transformer transformer = model.transformer();
            var shape = new Shape(1, ids.length);
            NDArray segments_BT = manager.create(Arrays.copyOf(segments(0), ids.length), shape);
            NDArray hidden_BTC = transformer
                    .forward(new Transformer.Input(manager.create(ids, shape), null, segments_BT, false, null))
                    .hidden_BTC();
            var outputs = new LinkedHashMap<String, float[][]>();
            if (model.config().stack() == ModelConfig.Stack.ENCODER) {
                outputs.put("last_hidden_state", rows(hidden_BTC));
            }
            outputs.put("logits", rows(transformer.heads().logits(hidden_BTC)));
            if (model.config().nextSentenceHead()) {
                outputs.put("seq_relationship_logits", rows(transformer.heads().nextSentence(hidden_BTC)));
            }
            return outputs;
        }
    }

    private static float[][] rows(NDArray array) {
        int width = (int) array.getShape().get(array.getShape().dimension() - 1);
        float[] flat = array.toFloatArray();
        var rows = new float[flat.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }

    private static void assertRows(Floats actual, int row, int from, float[][] expected) {
        if (actual.shape().length == 2) {
            assertThat(actual.at(row)).containsExactly(expected[0], within(TOLERANCE));
            return;
        }
        for (int t = 0; t < expected.length; t++) {
            assertThat(actual.at(row, from + t))
                    .as("row " + row + ", position " + t)
                    .containsExactly(expected[t], within(TOLERANCE));
        }
    }

    private static LanguageModel model(ModelConfig config) {
        LanguageModel model = LanguageModel.create(config, 1, Device.cpu());
        var random = new Random(2);
        model.parameters()
                .forEach((name, array) -> RawData.write(array, target -> {
                    double mean = name.endsWith("norm.weight") ? 1 : 0;
                    for (long i = 0; i < array.size(); i++) {
                        target.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (mean + 0.3 * random.nextGaussian()));
                    }
                }));
        return model;
    }

    private static long[] longer(long[] row, int tokens) {
        long[] all = Arrays.copyOf(row, row.length + tokens);
        Arrays.fill(all, row.length, all.length, 1);
        return all;
    }

    private static float[] softmax(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        var shares = new float[logits.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (float) (Math.exp(logits[i]) / sum);
        }
        return shares;
    }

    private static int[] ints(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }
}
