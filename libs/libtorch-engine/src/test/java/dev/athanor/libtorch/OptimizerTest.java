package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Adagrad;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.optimizer.AdamW;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.optimizer.RmsProp;
import ai.djl.training.tracker.Tracker;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DJL's optimizers against their formulas in plain Java: three updates with a clipped, rescaled gradient. */
class OptimizerTest {
    private static final double RATE = 0.1;
    private static final double DECAY = 0.05;

    interface Formula {
        /** Returns the new weight; {@code state} starts as zeros. */
        double update(double w, double g, double[] state, int t);
    }

    record Case(String name, Optimizer optimizer, Formula formula) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        Tracker rate = Tracker.fixed((float) RATE);
        return Stream.of(
                new Case(
                        "sgd",
                        tune(Optimizer.sgd().setLearningRateTracker(rate)).build(),
                        (w, g, s, t) -> w - RATE * (g + DECAY * w)),
                new Case(
                        "sgd with momentum",
                        tune(Optimizer.sgd().setLearningRateTracker(rate).optMomentum(0.9f))
                                .build(),
                        (w, g, s, t) -> w + (s[0] = 0.9 * s[0] - RATE * (g + DECAY * w))),
                new Case(
                        "nag",
                        tune(Optimizer.nag().setLearningRateTracker(rate).setMomentum(0.9f))
                                .build(),
                        (w, g, s, t) -> {
                            double d = g + DECAY * w;
                            s[0] = 0.9 * s[0] + d;
                            return w - RATE * (d + 0.9 * s[0]);
                        }),
                new Case(
                        "adam",
                        tune(Adam.builder().optLearningRateTracker(rate)).build(),
                        (w, g, s, t) -> adam(w, g + DECAY * w, s, t)),
                new Case(
                        "adamw",
                        AdamW.builder()
                                .optLearningRateTracker(rate)
                                .optWeightDecays((float) DECAY)
                                .optClipGrad(2f)
                                .build(),
                        (w, g, s, t) -> adam(w * (1 - RATE * DECAY), g, s, t)),
                new Case(
                        "rmsprop",
                        tune(RmsProp.builder().optLearningRateTracker(rate)).build(),
                        (w, g, s, t) -> {
                            double d = g + DECAY * w;
                            s[0] = 0.9 * s[0] + 0.1 * d * d;
                            return w - RATE * d / Math.sqrt(s[0] + 1e-8);
                        }),
                new Case(
                        "rmsprop centered",
                        tune(RmsProp.builder().optLearningRateTracker(rate).optCentered(true))
                                .build(),
                        (w, g, s, t) -> {
                            double d = g + DECAY * w;
                            s[0] = 0.9 * s[0] + 0.1 * d * d;
                            s[1] = 0.9 * s[1] + 0.1 * d;
                            s[2] = 0.9 * s[2] - RATE * d / Math.sqrt(s[0] - s[1] * s[1] + 1e-8);
                            return w + s[2];
                        }),
                new Case(
                        "adagrad",
                        tune(Adagrad.builder().optLearningRateTracker(rate)).build(),
                        (w, g, s, t) -> {
                            s[0] += g * g;
                            return w - RATE * (g / Math.sqrt(s[0] + 1e-8) + DECAY * w);
                        }),
                new Case("adadelta", tune(Optimizer.adadelta()).build(), (w, g, s, t) -> {
                    s[0] = 0.9 * s[0] + 0.1 * g * g;
                    double delta = Math.sqrt(s[1] + 1e-8) / Math.sqrt(s[0] + 1e-8) * g;
                    s[1] = 0.9 * s[1] + 0.1 * delta * delta;
                    return w - (delta + DECAY * w);
                }));
    }

    private static <T extends Optimizer.OptimizerBuilder<?>> T tune(T builder) {
        builder.optWeightDecays((float) DECAY);
        builder.optClipGrad(2f);
        return builder;
    }

    private static double adam(double w, double g, double[] s, int t) {
        s[0] = 0.9 * s[0] + 0.1 * g;
        s[1] = 0.999 * s[1] + 0.001 * g * g;
        double corrected = RATE * Math.sqrt(1 - Math.pow(0.999, t)) / (1 - Math.pow(0.9, t));
        return w - corrected * s[0] / (Math.sqrt(s[1]) + 1e-8);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void followsItsFormula(Case c) {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            double[] w = {1, -0.5, 2};
            double[][] states = new double[3][3];
            NDArray weight = manager.create(new float[] {1, -0.5f, 2}, new Shape(3, 1));
            for (int t = 1; t <= 3; t++) {
                double[] g = {0.3 * t, -5, 1.0 / t};
                NDArray gradient = new Ref(new long[] {3, 1}, g).on(manager, ai.djl.ndarray.types.DataType.FLOAT32);
                c.optimizer.update("w", weight, gradient);
                for (int i = 0; i < 3; i++) {
                    w[i] = c.formula.update(w[i], Math.max(-2, Math.min(2, g[i])), states[i], t);
                }
                Checks.same(c.name + " after " + t, weight, new Ref(new long[] {3, 1}, w), 1e-4);
            }
        }
    }
}
