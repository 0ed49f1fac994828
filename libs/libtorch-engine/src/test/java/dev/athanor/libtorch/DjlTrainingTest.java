package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.util.Pair;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Programs that know only DJL, with DJL's Trainer, beside the same arithmetic in doubles in plain Java. */
class DjlTrainingTest {
    private static final double RATE = 0.1;
    private static final int STEPS = 15;

    interface Reference {
        /** Logits of each row. */
        int[][] logits(Tape tape, Map<String, int[]> parameters, int[][] rows);
    }

    @Test
    void aMultilayerPerceptronFollowsTheReference() {
        Block block = new SequentialBlock()
                .add(Linear.builder().setUnits(8).build())
                .add(Activation::relu)
                .add(Linear.builder().setUnits(3).build());
        compare(block, new Shape(6, 4), 3, (tape, p, rows) -> {
            int[][] hidden = tape.linear(rows, pick(p, "01Linear_weight"), pick(p, "01Linear_bias"));
            for (int[] row : hidden) {
                java.util.Arrays.setAll(row, i -> tape.relu(row[i]));
            }
            return tape.linear(hidden, pick(p, "03Linear_weight"), pick(p, "03Linear_bias"));
        });
    }

    @Test
    void djlsTransformerBlockFollowsTheReference() {
        int batch = 2;
        int time = 3;
        int width = 4;
        int heads = 2;
        Block block = new SequentialBlock()
                .add(new TransformerEncoderBlock(width, heads, 6, 0f, Activation::relu))
                .add(Linear.builder().setUnits(3).build());
        compare(block, new Shape(batch, time, width), 3, (tape, p, rows) -> {
            int[][] mixed = attention(tape, p, rows, batch, time, heads);
            int[][] x = add(tape, mixed, rows);
            x = tape.batchNorm(x, pick(p, "attentionNorm_gamma"), pick(p, "attentionNorm_beta"), 1e-5);
            x = tape.linear(x, pick(p, "outputBlock_01Linear_weight"), pick(p, "outputBlock_01Linear_bias"));
            for (int[] row : x) {
                java.util.Arrays.setAll(row, i -> tape.relu(row[i]));
            }
            x = tape.linear(x, pick(p, "outputBlock_03Linear_weight"), pick(p, "outputBlock_03Linear_bias"));
            x = tape.batchNorm(add(tape, x, rows), pick(p, "outputNorm_gamma"), pick(p, "outputNorm_beta"), 1e-5);
            return tape.linear(x, pick(p, "02Linear_weight"), pick(p, "02Linear_bias"));
        });
    }

    private static int[][] attention(Tape tape, Map<String, int[]> p, int[][] rows, int batch, int time, int heads) {
        int width = rows[0].length;
        int headWidth = width / heads;
        int[][] k = tape.linear(rows, pick(p, "keyProjection_weight"), pick(p, "keyProjection_bias"));
        int[][] q = tape.linear(rows, pick(p, "queryProjection_weight"), pick(p, "queryProjection_bias"));
        int[][] v = tape.linear(rows, pick(p, "valueProjection_weight"), pick(p, "valueProjection_bias"));
        int[][] mixed = new int[rows.length][width];
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                for (int t = 0; t < time; t++) {
                    int[] scores = new int[time];
                    for (int s = 0; s < time; s++) {
                        int dot = tape.leaf(0);
                        for (int d = h * headWidth; d < (h + 1) * headWidth; d++) {
                            dot = tape.add(dot, tape.mul(q[b * time + t][d], k[b * time + s][d]));
                        }
                        scores[s] = tape.scale(dot, 1 / Math.sqrt(headWidth));
                    }
                    int[] weights = tape.softmax(scores);
                    for (int d = h * headWidth; d < (h + 1) * headWidth; d++) {
                        int sum = tape.leaf(0);
                        for (int s = 0; s < time; s++) {
                            sum = tape.add(sum, tape.mul(weights[s], v[b * time + s][d]));
                        }
                        mixed[b * time + t][d] = sum;
                    }
                }
            }
        }
        return tape.linear(mixed, pick(p, "resultProjection_weight"), pick(p, "resultProjection_bias"));
    }

    private static int[][] add(Tape tape, int[][] a, int[][] b) {
        int[][] sum = new int[a.length][a[0].length];
        for (int i = 0; i < a.length; i++) {
            int row = i;
            java.util.Arrays.setAll(sum[i], j -> tape.add(a[row][j], b[row][j]));
        }
        return sum;
    }

    private static int[] pick(Map<String, int[]> parameters, String suffix) {
        return parameters.entrySet().stream()
                .filter(e -> e.getKey().endsWith(suffix))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(suffix + " in " + parameters.keySet()))
                .getValue();
    }

    private static void compare(Block block, Shape input, int classes, Reference reference) {
        DefaultTrainingConfig config = new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optInitializer(new NormalInitializer(0.5f), Parameter.Type.WEIGHT)
                .optOptimizer(Optimizer.sgd()
                        .setLearningRateTracker(Tracker.fixed((float) RATE))
                        .build());
        RngState.seed(42);
        try (Model model = Model.newInstance("reference", "LibTorch")) {
            model.setBlock(block);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(input);
                Map<String, double[]> weights = new LinkedHashMap<>();
                for (Pair<String, Parameter> p : block.getParameters()) {
                    if (p.getValue().requiresGradient()) {
                        weights.put(p.getKey(), Ref.of(p.getValue().getArray()).data);
                    }
                }
                Random random = new Random(3);
                int features = (int) input.get(input.dimension() - 1);
                int rows = (int) (input.size() / features);
                for (int step = 0; step < STEPS; step++) {
                    double[] data = random.doubles(input.size(), -1, 1)
                            .map(d -> (float) d)
                            .toArray();
                    int[] labels = random.ints(rows, 0, classes).toArray();
                    double expected = referenceStep(reference, weights, data, labels, features);
                    assertThat(djlStep(trainer, input, data, labels))
                            .as("loss of step %d", step)
                            .isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-4));
                }
                for (Pair<String, Parameter> p : block.getParameters()) {
                    if (p.getValue().requiresGradient()) {
                        NDArray array = p.getValue().getArray();
                        Checks.same(
                                p.getKey(), array, new Ref(array.getShape().getShape(), weights.get(p.getKey())), 1e-4);
                    }
                }
            }
        }
    }

    private static double referenceStep(
            Reference reference, Map<String, double[]> weights, double[] data, int[] labels, int features) {
        Tape tape = new Tape();
        tape.leaf(0);
        Map<String, int[]> nodes = new LinkedHashMap<>();
        weights.forEach((name, values) -> nodes.put(name, tape.leaves(values)));
        int[][] rows = new int[labels.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = tape.leaves(java.util.Arrays.copyOfRange(data, i * features, (i + 1) * features));
        }
        int[][] logits = reference.logits(tape, nodes, rows);
        int[] losses = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            losses[i] = tape.crossEntropy(logits[i], labels[i]);
        }
        int loss = tape.scale(tape.sum(losses), 1.0 / rows.length);
        double[] gradients = tape.gradients(loss);
        weights.forEach((name, values) -> {
            int[] at = nodes.get(name);
            for (int i = 0; i < values.length; i++) {
                values[i] -= RATE * gradients[at[i]];
            }
        });
        return tape.value(loss);
    }

    private static double djlStep(Trainer trainer, Shape input, double[] data, int[] labels) {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDArray x = manager.create(data, input).toType(DataType.FLOAT32, false);
            NDArray y = manager.create(labels, input.slice(0, input.dimension() - 1));
            double loss;
            try (GradientCollector collector = trainer.newGradientCollector()) {
                NDArray value = trainer.getLoss().evaluate(new NDList(y), trainer.forward(new NDList(x)));
                loss = value.getFloat();
                collector.backward(value);
            }
            trainer.step();
            return loss;
        }
    }
}
