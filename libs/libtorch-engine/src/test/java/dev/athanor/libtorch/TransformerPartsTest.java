package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attention, cross-entropy, AdamW, clipping, recomputation, random state: the functions beside DJL's interface. */
class TransformerPartsTest {
    private final NDManager manager = NDManager.newBaseManager("LibTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    /** Attention by its definition; key heads are shared by groups of query heads. */
    private static Ref attend(Ref q, Ref k, Ref v, Ref mask, boolean causal) {
        long group = q.shape[1] / k.shape[1];
        int keys = (int) k.shape[2];
        double scale = 1 / Math.sqrt(q.shape[3]);
        return Ref.build(new long[] {q.shape[0], q.shape[1], q.shape[2], v.shape[3]}, at -> {
            double[] scores = new double[keys];
            for (int s = 0; s < keys; s++) {
                double dot = 0;
                for (int d = 0; d < q.shape[3]; d++) {
                    dot += q.at(at[0], at[1], at[2], d) * k.at(at[0], at[1] / group, s, d);
                }
                boolean hidden = causal && s > at[2] + keys - q.shape[2];
                scores[s] = hidden ? Double.NEGATIVE_INFINITY : dot * scale + (mask == null ? 0 : mask.at(at[2], s));
            }
            double[] weights = ReductionTest.softmax(scores);
            double sum = 0;
            for (int s = 0; s < keys; s++) {
                sum += weights[s] * v.at(at[0], at[1] / group, s, at[3]);
            }
            return sum;
        });
    }

    @Test
    void attentionInAllItsForms() {
        for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32, DataType.BFLOAT16}) {
            for (int keyHeads : new int[] {4, 2, 1}) {
                for (int keys : new int[] {5, 7}) {
                    Ref q = Ref.of(Ref.random(1, -1, 1, 2, 4, 5, 8).on(manager, type));
                    Ref k = Ref.of(Ref.random(2, -1, 1, 2, keyHeads, keys, 8).on(manager, type));
                    Ref v = Ref.of(Ref.random(3, -1, 1, 2, keyHeads, keys, 8).on(manager, type));
                    Ref bias = Ref.of(Ref.random(4, -1, 1, 5, keys).on(manager, type));
                    for (boolean recorded : new boolean[] {false, true}) {
                        try (Autograd.Scope mode = recorded ? Autograd.record() : Autograd.noGrad()) {
                            for (boolean causal : new boolean[] {false, true}) {
                                String what = "attention " + type + " " + keyHeads + " " + keys + " " + causal + " "
                                        + recorded;
                                NDArray[] a = {q.on(manager, type), k.on(manager, type), v.on(manager, type)};
                                Checks.same(
                                        what,
                                        LtFunctions.scaledDotProductAttention(a[0], a[1], a[2], null, causal, 0, null),
                                        attend(q, k, v, null, causal));
                                Checks.same(
                                        what + " mask",
                                        LtFunctions.scaledDotProductAttention(
                                                a[0], a[1], a[2], bias.on(manager, type), causal, 0, null),
                                        attend(q, k, v, bias, causal));
                                NDArray visible = bias.on(manager).gt(-0.5);
                                visible.set(new ai.djl.ndarray.index.NDIndex(":, 0"), 1);
                                Ref boolBias = Ref.of(visible).map(b -> b == 1 ? 0 : Double.NEGATIVE_INFINITY);
                                Checks.same(
                                        what + " boolean mask",
                                        LtFunctions.scaledDotProductAttention(
                                                a[0], a[1], a[2], visible, causal, 0, null),
                                        attend(q, k, v, boolBias, causal));
                            }
                        }
                    }
                }
            }
        }
    }

    @Test
    void attentionGradientsInBothVariants() {
        Ref q = Ref.random(1, -1, 1, 1, 2, 3, 4);
        Ref k = Ref.random(2, -1, 1, 1, 1, 3, 4);
        Ref v = Ref.random(3, -1, 1, 1, 1, 3, 4);
        Checks.gradient(
                "attention",
                in -> LtFunctions.scaledDotProductAttention(in[0], in[1], in[2], null, true, 0, null),
                q,
                k,
                v);
        NDArray[] exact = gradients(q, k, v, DataType.FLOAT64);
        NDArray[] low = gradients(q, k, v, DataType.BFLOAT16);
        for (int i = 0; i < 3; i++) {
            Checks.same("bfloat16 gradient " + i, low[i], Ref.of(exact[i]), 0.05);
        }
    }

    private NDArray[] gradients(Ref q, Ref k, Ref v, DataType type) {
        NDArray[] in = {q.on(manager, type), k.on(manager, type), v.on(manager, type)};
        for (NDArray array : in) {
            array.setRequiresGradient(true);
        }
        try (Autograd.Scope recording = Autograd.record()) {
            Autograd.backward(LtFunctions.scaledDotProductAttention(in[0], in[1], in[2], null, true, 0, null)
                    .sum());
        }
        return new NDArray[] {in[0].getGradient(), in[1].getGradient(), in[2].getGradient()};
    }

    @Test
    void attentionRefusesWhatDoesNotFit() {
        NDArray q = manager.ones(new Shape(1, 4, 5, 8));
        NDArray three = manager.ones(new Shape(1, 3, 5, 8));
        assertThatThrownBy(() -> LtFunctions.scaledDotProductAttention(q, three, three, null, true, 0, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Hk dividing H");
    }

    @Test
    void fusedCrossEntropyEqualsThePlainFormula() {
        int rows = 11;
        int width = 4;
        int classes = 7;
        Ref h = Ref.random(1, -1, 1, rows, width);
        Ref w = Ref.random(2, -1, 1, classes, width);
        Ref b = Ref.random(3, -1, 1, classes);
        long[] targets = new Random(4).longs(rows, 0, classes).toArray();
        targets[2] = -100;
        targets[9] = -100;
        double[] losses = new double[rows];
        double[] dh = new double[rows * width];
        double[] dw = new double[classes * width];
        double[] db = new double[classes];
        double normalizer = 5;
        for (int r = 0; r < rows; r++) {
            if (targets[r] < 0) {
                continue;
            }
            double[] logits = new double[classes];
            for (int c = 0; c < classes; c++) {
                logits[c] = b.data[c];
                for (int i = 0; i < width; i++) {
                    logits[c] += w.at(c, i) * h.at(r, i);
                }
            }
            double[] p = ReductionTest.softmax(logits);
            losses[r] = -Math.log(p[(int) targets[r]]);
            for (int c = 0; c < classes; c++) {
                double g = (p[c] - (c == targets[r] ? 1 : 0)) / normalizer;
                db[c] += g;
                for (int i = 0; i < width; i++) {
                    dh[r * width + i] += g * w.at(c, i);
                    dw[c * width + i] += g * h.at(r, i);
                }
            }
        }
        for (int chunk : new int[] {1, 4, 512}) {
            FusedCrossEntropy fused = new FusedCrossEntropy(chunk, -100);
            NDArray hidden = h.on(manager);
            NDArray weight = w.on(manager);
            NDArray bias = b.on(manager);
            for (NDArray array : new NDArray[] {hidden, weight, bias}) {
                array.setRequiresGradient(true);
            }
            NDArray target = manager.create(targets);
            FusedCrossEntropy.Loss loss;
            try (Autograd.Scope recording = Autograd.record()) {
                loss = fused.backward(hidden.mul(1), weight, bias, target, normalizer);
            }
            assertThat(loss.count()).isEqualTo(9);
            assertThat(loss.sum())
                    .isCloseTo(java.util.Arrays.stream(losses).sum(), org.assertj.core.data.Offset.offset(1e-9));
            Checks.same("hidden", hidden.getGradient(), new Ref(new long[] {rows, width}, dh));
            Checks.same("weight", weight.getGradient(), new Ref(new long[] {classes, width}, dw));
            Checks.same("bias", bias.getGradient(), new Ref(new long[] {classes}, db));
            Checks.same(
                    "per token",
                    fused.perToken(hidden, weight, bias, target),
                    new Ref(new long[] {rows}, losses),
                    1e-6);
        }
        assertThatThrownBy(() -> new FusedCrossEntropy()
                        .backward(h.on(manager), w.on(manager), null, manager.create(new long[3]), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private FusedAdamW optimizer(Map<String, NDArray> decayed, Map<String, NDArray> plain) {
        return new FusedAdamW(
                List.of(new FusedAdamW.Group(decayed, 0.1), new FusedAdamW.Group(plain, 0, 0.5)),
                new FusedAdamW.Options());
    }

    /** Three steps by the formulas of Loshchilov and Hutter, in doubles. */
    @Test
    void fusedAdamWFollowsTheFormula() {
        double[] w = {1, -2, 3};
        double[] m = new double[3];
        double[] v = new double[3];
        NDArray weight = manager.create(new float[] {1, -2, 3});
        NDArray plain = manager.create(new float[] {1});
        weight.setRequiresGradient(true);
        plain.setRequiresGradient(true);
        try (FusedAdamW optimizer = optimizer(Map.of("w", weight), Map.of("b", plain))) {
            for (int t = 1; t <= 3; t++) {
                NDArray c = manager.create(new float[] {0.5f, t, -1});
                try (Autograd.Scope recording = Autograd.record()) {
                    Autograd.backward(weight.mul(c).sum());
                }
                optimizer.collectGradients();
                double[] g = Ref.of(c).data;
                double norm = Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
                assertThat(optimizer.clipGradients(1)).isCloseTo(norm, org.assertj.core.data.Offset.offset(1e-5));
                double factor = Math.min(1, 1 / (norm + 1e-6));
                for (int i = 0; i < 3; i++) {
                    double gi = g[i] * factor;
                    m[i] = 0.9 * m[i] + 0.1 * gi;
                    v[i] = 0.95 * v[i] + 0.05 * gi * gi;
                    w[i] -= 0.01 * 0.1 * w[i];
                    w[i] -= 0.01 * m[i] / (1 - Math.pow(0.9, t)) / (Math.sqrt(v[i] / (1 - Math.pow(0.95, t))) + 1e-8);
                }
                optimizer.step(0.01);
            }
            Checks.same("weight", weight, new Ref(new long[] {3}, w), 1e-6);
            assertThat(plain.toFloatArray()).as("no gradient, no update").containsExactly(1);
            assertThat(optimizer.steps()).isEqualTo(3);
        }
    }

    /** A shadow in bfloat16 would not move by steps this small; its float32 master does, and a saved state goes on alike. */
    @Test
    void shadowsFollowTheirMastersAndStateSurvives() {
        NDArray first = manager.full(new Shape(4), 1f).toType(DataType.BFLOAT16, true);
        NDArray second = first.duplicate();
        first.setRequiresGradient(true);
        second.setRequiresGradient(true);
        try (FusedAdamW a = optimizer(Map.of("w", first), Map.of());
                FusedAdamW b = optimizer(Map.of("w", second), Map.of())) {
            for (int i = 0; i < 10; i++) {
                descend(first, a);
            }
            assertThat(a.masters().get("w").toFloatArray()[0]).isBetween(0.998f, 0.9995f);
            Map<String, NDArray> saved = new LinkedHashMap<>();
            a.state().forEach((name, array) -> saved.put(name, array.duplicate()));
            b.loadState(saved);
            assertThat(b.steps()).isEqualTo(10);
            descend(first, a);
            descend(second, b);
            assertThat(b.masters().get("w").contentEquals(a.masters().get("w"))).isTrue();
            assertThat(second.contentEquals(first)).isTrue();
            saved.remove("step/w");
            assertThatThrownBy(() -> b.loadState(saved))
                    .hasMessageContaining("step/w")
                    .hasMessageContaining("missing");
        }
    }

    private static void descend(NDArray weight, FusedAdamW optimizer) {
        try (Autograd.Scope recording = Autograd.record()) {
            Autograd.backward(weight.sum());
        }
        optimizer.collectGradients();
        optimizer.step(1e-4);
    }

    @Test
    void gradientsOfSeveralPassesAddUp() {
        for (DataType type : new DataType[] {DataType.FLOAT32, DataType.BFLOAT16}) {
            NDArray w = manager.ones(new Shape(2), type);
            w.setRequiresGradient(true);
            try (FusedAdamW optimizer = optimizer(Map.of("w", w), Map.of())) {
                for (int i = 0; i < 3; i++) {
                    try (Autograd.Scope recording = Autograd.record()) {
                        Autograd.backward(w.mul(2).sum());
                    }
                    optimizer.collectGradients();
                }
                assertThat(optimizer.gradients().get("w").toFloatArray()).containsExactly(6, 6);
                optimizer.zeroGradients();
                assertThat(optimizer.gradients()).isEmpty();
            }
        }
    }

    @Test
    void recomputedGradientsAreTheSameBits() {
        NDArray w = Ref.random(1, -1, 1, 6, 6).on(manager, DataType.FLOAT32);
        NDArray x = Ref.random(2, -1, 1, 5, 6).on(manager, DataType.FLOAT32);
        w.setRequiresGradient(true);
        x.setRequiresGradient(true);
        float[][] plain = run(w, x, false);
        float[][] recomputed = run(w, x, true);
        for (int i = 0; i < 3; i++) {
            assertThat(recomputed[i]).containsExactly(plain[i]);
        }
        assertThatThrownBy(() -> {
                    try (Autograd.Scope recording = Autograd.record()) {
                        Recompute.apply(false, a -> a.sum(), x);
                    }
                })
                .isInstanceOf(IllegalArgumentException.class);
    }

    private float[][] run(NDArray w, NDArray x, boolean recompute) {
        RngState.seed(5);
        Autograd.clearGradients(List.of(w, x));
        try (NDManager scratch = manager.newSubManager();
                Autograd.Scope recording = Autograd.record()) {
            NDArray h = x.mul(1);
            h.attach(scratch);
            for (int layer = 0; layer < 3; layer++) {
                java.util.function.UnaryOperator<NDArray> f =
                        a -> a.add(LtFunctions.dropout(LtFunctions.gelu(LtFunctions.linear(a, w, null), false), 0.3));
                h = recompute ? Recompute.apply(true, f, h) : f.apply(h);
            }
            Autograd.backward(h.square().sum());
            return new float[][] {
                h.toFloatArray(),
                w.getGradient().toFloatArray(),
                x.getGradient().toFloatArray()
            };
        }
    }

    @Test
    void aSavedRandomStateGivesTheSameNumbersAgain() {
        RngState.seed(7);
        byte[] state = RngState.get(Device.cpu());
        float[] first = manager.randomNormal(new Shape(5)).toFloatArray();
        float[] next = manager.randomUniform(0, 1, new Shape(5)).toFloatArray();
        RngState.set(Device.cpu(), state);
        assertThat(manager.randomNormal(new Shape(5)).toFloatArray()).containsExactly(first);
        assertThat(manager.randomUniform(0, 1, new Shape(5)).toFloatArray()).containsExactly(next);
        assertThatThrownBy(() -> RngState.set(Device.cpu(), new byte[3]))
                .isInstanceOf(ai.djl.engine.EngineException.class);
    }

    @Test
    void rawBytesAreReadAndWrittenInPlace() {
        NDArray a = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
        float third = RawData.read(a, bytes -> bytes.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, 2));
        assertThat(third).isEqualTo(3);
        RawData.write(a, bytes -> bytes.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, 2, 9f));
        assertThat(a.toFloatArray()).containsExactly(1, 2, 9, 4);
        NDArray view = a.transpose();
        RawData.write(view, bytes -> bytes.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, 1, 8f));
        assertThat(a.toFloatArray()).containsExactly(1, 2, 8, 4);
        assertThat(RawData.byteSize(manager.ones(new Shape(3), DataType.BFLOAT16)))
                .isEqualTo(6);
    }

    /** Without a GPU these are plain copies; the values and the independence of the copy are the same everywhere. */
    @Test
    void transfersCopy() {
        NDArray a = manager.create(new float[] {1, 2, 3});
        NDArray pinned = Transfer.pinned(a);
        a.addi(1);
        assertThat(pinned.toFloatArray()).containsExactly(1, 2, 3);
        NDArray there = Transfer.toDeviceAsync(pinned, manager.getDevice());
        Transfer.synchronize(manager.getDevice());
        assertThat(there.toFloatArray()).containsExactly(1, 2, 3);
        assertThat(there.getDevice()).isEqualTo(manager.getDevice());
    }
}
