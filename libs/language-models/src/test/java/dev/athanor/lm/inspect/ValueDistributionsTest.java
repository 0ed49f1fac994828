package dev.athanor.lm.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.athanor.libtorch.Autograd;
import dev.athanor.libtorch.RawData;
import dev.athanor.lm.Devices;
import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.inspect.ValueDistributions.Example;
import dev.athanor.lm.model.ModelConfig;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueDistributionsTest {

    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6, 5};

    @Test
    void statisticsAreThoseOfTheValues() {
        var collector = new Distribution.Collector();
        collector.addAll(new float[] {0, -1, 3, 0.5f, Float.NaN, Float.POSITIVE_INFINITY, 0, -2e-9f, 1e4f, 20_000});
        Distribution made = collector.distribution();
        assertThat(made.count()).isEqualTo(10);
        assertThat(made.nan()).isEqualTo(1);
        assertThat(made.infinite()).isEqualTo(1);
        assertThat(made.min()).isEqualTo(-1);
        assertThat(made.max()).isEqualTo(20_000);
        assertThat(made.zeros()).isEqualTo(0.2);
        double[] finite = {0, -1, 3, 0.5, 0, -2e-9f, 1e4, 2e4};
        double mean = Arrays.stream(finite).sum() / 8;
        assertThat(made.mean()).isCloseTo(mean, within(1e-9));
        assertThat(made.deviation())
                .isCloseTo(
                        Math.sqrt(Arrays.stream(finite)
                                        .map(x -> (x - mean) * (x - mean))
                                        .sum()
                                / 8),
                        within(1e-6));
        assertThat(made.negative()[0]).as("2e-9").isEqualTo(1);
        assertThat(made.negative()[Distribution.bin(1)]).isEqualTo(1);
        assertThat(made.positive()[Distribution.BINS - 1]).as("1e4 and 2e4").isEqualTo(2);
        assertThat(Arrays.stream(made.negative()).sum()
                        + Arrays.stream(made.positive()).sum())
                .isEqualTo(6);
        assertThat(new Distribution.Collector().distribution().mean()).isZero();
    }

    @Test
    void binsAreHalfDecades() {
        double[] edges = Distribution.binEdges();
        assertThat(edges).hasSize(Distribution.BINS - 1).isSorted();
        assertThat(edges[0]).isEqualTo(1e-8);
        assertThat(edges[edges.length - 1]).isEqualTo(1e4);
        assertThat(Distribution.bin(0.1)).isEqualTo(Distribution.bin(0.3)).isNotEqualTo(Distribution.bin(0.4));
        assertThat(Distribution.bin(0.0999)).isEqualTo(Distribution.bin(0.1) - 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.athanor.lm.Architectures#all")
    void everyPlaceHasValuesAndGradients(String name, ModelConfig config) {
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu())) {
            boolean decoder = config.stack() == ModelConfig.Stack.DECODER;
            var example = decoder ? Example.nextTokens(IDS) : new Example(IDS, IDS);
            ValueDistributions made = ValueDistributions.of(Inspectable.of(model), List.of(example));
            assertThat(made.loss()).isCloseTo(Math.log(12), within(0.8));
            List<String> names = made.activations().stream()
                    .map(ValueDistributions.Place::name)
                    .toList();
            assertThat(names).doesNotHaveDuplicates().contains("embeddings", "output");
            for (int i = 0; i < config.layers(); i++) {
                assertThat(names)
                        .contains(
                                "layers." + i + ".attention.qkv",
                                "layers." + i + ".attention.heads",
                                "layers." + i + ".output");
            }
            for (ValueDistributions.Place place : made.activations()) {
                assertThat(place.values().deviation()).as(place.name()).isPositive();
                assertThat(place.gradients().deviation()).as(place.name()).isPositive();
                assertThat(place.values().nan() + place.values().infinite()).isZero();
            }
            assertThat(made.parameters()).hasSameSizeAs(model.parameters().keySet());
            assertThat(model.parameters().values().stream().anyMatch(NDArray::hasGradient))
                    .isFalse();
        }
    }

    /** The gradients are the trainer's: mean loss over all predictions of the batch. */
    @Test
    void gradientsAreThoseOfTraining() {
        ModelConfig config = ModelConfig.gpt2(12, 16, 2, 2, 32).build();
        int[] other = {2, 7, 1};
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu())) {
            ValueDistributions made = ValueDistributions.of(
                    Inspectable.of(model), List.of(Example.nextTokens(IDS), Example.nextTokens(other)));
            model.parameters().values().forEach(p -> p.setRequiresGradient(true));
            for (int[] ids : List.of(IDS, other)) {
                try (NDManager scope = Devices.newManager(Device.cpu());
                        Autograd.Scope recording = Autograd.record()) {
                    NDArray row = scope.create(Arrays.stream(ids).asLongStream().toArray())
                            .expandDims(0);
                    int[] targets = Example.nextTokens(ids).targets();
                    NDArray hidden = model.transformer().hidden(row, false);
                    var heads = model.transformer().heads();
                    NDArray logits = heads.logits(hidden.get(":, :" + (ids.length - 1)));
                    NDArray loss = logits.logSoftmax(-1)
                            .gather(
                                    scope.create(Arrays.stream(targets)
                                                    .limit(ids.length - 1)
                                                    .asLongStream()
                                                    .toArray())
                                            .reshape(1, ids.length - 1, 1),
                                    2)
                            .sum()
                            .mul(-0.1);
                    Autograd.backward(loss);
                }
            }
            var byName = made.parameters().stream()
                    .collect(Collectors.toMap(ValueDistributions.Place::name, ValueDistributions.Place::gradients));
            model.parameters().forEach((name, p) -> {
                float[] gradient = p.getGradient().toFloatArray();
                double largest = 0;
                for (float g : gradient) {
                    largest = Math.max(largest, g);
                }
                assertThat(byName.get(name).max()).as(name).isCloseTo(largest, within(1e-5));
            });
        }
    }

    @Test
    void brokenWeightsShow() {
        ModelConfig config = ModelConfig.llama(12, 16, 2, 2, 32).build();
        try (LanguageModel model = LanguageModel.create(config, 3, Device.cpu())) {
            RawData.write(
                    model.parameter("layers.1.feedforward.out.weight"),
                    values -> values.setAtIndex(ValueLayout.JAVA_FLOAT, 0, Float.NaN));
            ValueDistributions made = ValueDistributions.of(Inspectable.of(model), List.of(Example.nextTokens(IDS)));
            var byName = made.activations().stream()
                    .collect(Collectors.toMap(ValueDistributions.Place::name, ValueDistributions.Place::values));
            assertThat(byName.get("layers.0.output").nan()).isZero();
            assertThat(byName.get("layers.1.feedforward.out").nan()).isEqualTo(IDS.length);
            assertThatThrownBy(() ->
                            ValueDistributions.of(Inspectable.of(model), List.of(Example.nextTokens(new int[] {1}))))
                    .hasMessageContaining("at least two tokens");
        }
    }
}
