package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shapes, joining and splitting, indexing in all forms. */
class ShapeTest {
    private final NDManager manager = NDManager.newBaseManager("LibTorch");
    private final Ref x = Ref.random(1, -1, 1, 2, 3, 4);

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray x() {
        return x.on(manager);
    }

    private NDArray strided() {
        return x.strided(manager, DataType.FLOAT64);
    }

    @Test
    void reordering() {
        Checks.same("transpose", x().transpose(), x.permute(2, 1, 0));
        Checks.same("transpose", x().transpose(1, 2, 0), x.permute(1, 2, 0));
        Checks.same("swapAxes", strided().swapAxes(0, -1), x.permute(2, 1, 0));
        Checks.same("reshape", strided().reshape(4, -1), x.reshape(4, 6));
        Checks.same("flatten", strided().flatten(), x.reshape(24));
        Checks.same("flatten part", x().flatten(1, 2), x.reshape(2, 12));
        Checks.same("expandDims", x().expandDims(1), x.reshape(2, 1, 3, 4));
        Checks.same("expandDims", x().expandDims(-1), x.reshape(2, 3, 4, 1));
        Checks.same("squeeze", x().reshape(2, 1, 3, 1, 4).squeeze(), x);
        Checks.same("squeeze", x().reshape(2, 1, 3, 1, 4).squeeze(-2), x.reshape(2, 1, 3, 4));
        Checks.same("flip", x().flip(0, 2), Ref.build(x.shape, at -> x.at(1 - at[0], at[1], 3 - at[2])));
        Checks.same(
                "rotate90",
                x().rotate90(1, new int[] {0, 1}),
                Ref.build(new long[] {3, 2, 4}, at -> x.at(at[1], 2 - at[0], at[2])));
        Checks.same(
                "broadcast",
                manager.create(new double[] {1, 2}, new Shape(2, 1)).broadcast(3, 2, 2),
                Ref.build(new long[] {3, 2, 2}, at -> at[1] + 1.0));
        assertThatThrownBy(() -> x().squeeze(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(2, 3, 4)");
        assertThatThrownBy(() -> x().reshape(5, 5)).hasMessageContaining("reshape");
        assertThatThrownBy(() -> x().transpose(0, 1)).isInstanceOf(RuntimeException.class);
        Checks.gradient("transpose and reshape", in -> in[0].transpose(2, 0, 1).reshape(6, 4), x);
        Checks.gradient("broadcast", in -> in[0].broadcast(3, 2), Ref.random(2, 0, 1, 1, 2));
    }

    @Test
    void repeatingAndPadding() {
        Checks.same("tile", x().tile(2), Ref.build(new long[] {4, 6, 8}, at -> x.at(at[0] % 2, at[1] % 3, at[2] % 4)));
        Checks.same("tile axis", x().tile(1, 3), Ref.build(new long[] {2, 9, 4}, at -> x.at(at[0], at[1] % 3, at[2])));
        Checks.same(
                "tile to shape",
                x().tile(new Shape(6, 8)),
                Ref.build(new long[] {2, 6, 8}, at -> x.at(at[0], at[1] % 3, at[2] % 4)));
        Checks.same(
                "tile new axis",
                manager.create(new double[] {1, 2}).tile(1, 2),
                new Ref(new long[] {1, 4}, new double[] {1, 2, 1, 2}));
        Checks.same(
                "repeat axis", x().repeat(1, 2), Ref.build(new long[] {2, 6, 4}, at -> x.at(at[0], at[1] / 2, at[2])));
        Checks.same(
                "repeat", x().repeat(2), Ref.build(new long[] {4, 6, 8}, at -> x.at(at[0] / 2, at[1] / 2, at[2] / 2)));
        Checks.same(
                "repeat to shape",
                x().repeat(new Shape(8)),
                Ref.build(new long[] {2, 3, 8}, at -> x.at(at[0], at[1], at[2] / 2)));
        Checks.same(
                "repeat of a scalar", manager.create(3.0).repeat(3), new Ref(new long[] {3}, new double[] {3, 3, 3}));
        Checks.same(
                "pad",
                x().pad(new Shape(1, 2, 0, 1), 9),
                Ref.build(
                        new long[] {2, 4, 7},
                        at -> at[1] < 3 && at[2] >= 1 && at[2] < 5 ? x.at(at[0], at[1], at[2] - 1) : 9));
        assertThatThrownBy(() -> x().tile(new Shape(5))).isInstanceOf(IllegalArgumentException.class);
        Checks.gradient("tile", in -> in[0].tile(2), Ref.random(3, 0, 1, 2, 2));
        Checks.gradient("repeat", in -> in[0].repeat(1, 2), Ref.random(3, 0, 1, 2, 2));
        Checks.gradient("pad", in -> in[0].pad(new Shape(1, 1), 0), Ref.random(3, 0, 1, 2, 2));
    }

    @Test
    void diagonals() {
        Ref m = Ref.random(4, -1, 1, 3, 4);
        Checks.same("diagonal", m.on(manager).diagonal(), Ref.build(new long[] {3}, at -> m.at(at[0], at[0])));
        Checks.same("diagonal", m.on(manager).diagonal(1), Ref.build(new long[] {3}, at -> m.at(at[0], at[0] + 1)));
        Checks.same("diagonal", m.on(manager).diagonal(-1), Ref.build(new long[] {2}, at -> m.at(at[0] + 1, at[0])));
        Checks.same(
                "trace",
                x().trace(0, 1, 2),
                Ref.build(new long[] {2}, at -> x.at(at[0], 0, 0) + x.at(at[0], 1, 1) + x.at(at[0], 2, 2)));
        Checks.same(
                "eye",
                manager.eye(3, 4, 1, DataType.FLOAT64),
                Ref.build(new long[] {3, 4}, at -> at[1] == at[0] + 1 ? 1.0 : 0.0));
        Checks.gradient("trace", in -> in[0].trace(), Ref.random(4, 0, 1, 3, 3));
    }

    @Test
    void joiningAndSplitting() {
        Ref y = Ref.random(9, -1, 1, 2, 3, 4);
        Checks.same(
                "stack",
                NDArrays.stack(new NDList(x(), y.on(manager)), 1),
                Ref.build(new long[] {2, 2, 3, 4}, at -> (at[1] == 0 ? x : y).at(at[0], at[2], at[3])));
        Checks.same(
                "concat",
                x().concat(y.on(manager), -1),
                Ref.build(new long[] {2, 3, 8}, at -> at[2] < 4 ? x.at(at) : y.at(at[0], at[1], at[2] - 4)));
        NDList parts = x().split(new long[] {1, 3}, 2);
        assertThat(parts).hasSize(3);
        Checks.same("split", parts.get(1), Ref.build(new long[] {2, 3, 2}, at -> x.at(at[0], at[1], at[2] + 1)));
        assertThat(x().split(2, 2)).hasSize(2);
        assertThat(manager.arange(8f).split(new long[] {3, 5, 6})).hasSize(4);
        assertThat(manager.arange(3f).split(new long[] {2, 9}).get(2).getShape())
                .isEqualTo(new Shape(0));
        assertThatThrownBy(() -> x().split(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> x().concat(manager.ones(new Shape(5), DataType.FLOAT64)))
                .hasMessageContaining("concat");
        Checks.gradient("concat", in -> in[0].concat(in[1], 1), Ref.random(1, 0, 1, 2, 2), Ref.random(2, 0, 1, 2, 1));
        Checks.gradient(
                "stack and split",
                in -> NDArrays.stack(new NDList(in[0], in[0])).split(2, 2).get(1),
                Ref.random(1, 0, 1, 2, 2));
    }

    @Test
    void gettingByIndex() {
        Checks.same("fixed", x().get(1), Ref.build(new long[] {3, 4}, at -> x.at(1, at[0], at[1])));
        Checks.same("negative", x().get(-1, -2), Ref.build(new long[] {4}, at -> x.at(1, 1, at[0])));
        Checks.same(
                "slice",
                strided().get(":, 1:, ::2"),
                Ref.build(new long[] {2, 2, 2}, at -> x.at(at[0], at[1] + 1, at[2] * 2)));
        Checks.same(
                "negative slice",
                x().get("..., -3:-1"),
                Ref.build(new long[] {2, 3, 2}, at -> x.at(at[0], at[1], at[2] + 1)));
        Checks.same("ellipsis", x().get("1, ..., 2"), Ref.build(new long[] {3}, at -> x.at(1, at[0], 2)));
        Checks.same(
                "new axis",
                x().get(new NDIndex(":, null, 2")),
                Ref.build(new long[] {2, 1, 4}, at -> x.at(at[0], 2, at[2])));
        NDArray rows = manager.create(new long[] {2, 0, 2});
        Checks.same(
                "take",
                x().get(new NDIndex(":, {}", rows)),
                Ref.build(new long[] {2, 3, 4}, at -> x.at(at[0], at[1] == 1 ? 0 : 2, at[2])));
        NDArray mask = manager.create(new boolean[] {true, false, true});
        Checks.same(
                "mask",
                x().get(new NDIndex(":, {}", mask)),
                Ref.build(new long[] {2, 2, 4}, at -> x.at(at[0], at[1] * 2, at[2])));
        NDArray pick = manager.create(new int[] {1, 2, 0, 3, 1, 0}, new Shape(2, 3));
        Ref picked = Ref.build(
                new long[] {2, 3, 1},
                at -> x.at(at[0], at[1], new int[][] {{1, 2, 0}, {3, 1, 0}}[(int) at[0]][(int) at[1]]));
        Checks.same("pick", x().get(new NDIndex().addAllDim(2).addPickDim(pick)), picked);
        assertThat(x().getDouble(1, 2, 3)).isEqualTo(x.at(1, 2, 3));
        assertThat(manager.create(4.0).get(new NDIndex()).toDoubleArray()).containsExactly(4);
        assertThatThrownBy(() -> x().get(5)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> x().get(0, 0, 0, 0)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> x().get(new NDIndex(":, {}", manager.create(new long[] {7}))))
                .isInstanceOf(RuntimeException.class);
        Checks.gradient("get", in -> in[0].get("1, :, ::2"), x);
        Checks.gradient(
                "take", in -> in[0].get(new NDIndex(":, {}", in[0].getManager().create(new long[] {2, 0, 2}))), x);
    }

    @Test
    void settingByIndex() {
        NDArray a = x();
        a.set(new NDIndex("0, 1:"), 5);
        Checks.same("slice", a, Ref.build(x.shape, at -> at[0] == 0 && at[1] >= 1 ? 5 : x.at(at)));
        a = x();
        a.set(new NDIndex(":, 0, :"), manager.create(new double[] {1, 2, 3, 4}));
        Checks.same("row", a, Ref.build(x.shape, at -> at[1] == 0 ? at[2] + 1 : x.at(at)));
        a = x();
        a.set(a.gt(0), 0);
        Checks.same("mask", a, x.map(v -> Math.min(v, 0)));
        a = x();
        a.set(new NDIndex(":, {}", manager.create(new long[] {0, 2})), 7);
        Checks.same("index array", a, Ref.build(x.shape, at -> at[1] != 1 ? 7 : x.at(at)));
        a = x();
        a.set(new NDIndex("..., 3"), v -> v.mul(10));
        Checks.same("function", a, Ref.build(x.shape, at -> at[2] == 3 ? 10 * x.at(at) : x.at(at)));
        a = x();
        a.setScalar(new NDIndex(1, 2, 3), -8);
        assertThat(a.getDouble(1, 2, 3)).isEqualTo(-8);
        a.set(new double[24]);
        assertThat(a.sum().getDouble()).isZero();
        NDArray b = a;
        assertThatThrownBy(() -> b.setScalar(new NDIndex(1), 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> b.set(new NDIndex(0), manager.ones(new Shape(5))))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> b.set(new double[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("24");
    }

    @Test
    void gatheringAndScattering() {
        NDArray index = manager.create(new long[] {3, 0, 1, 1, 2, 2, 0, 3, 1, 2, 0, 1}, new Shape(2, 3, 2));
        long[] flat = index.toLongArray();
        Checks.same(
                "gather",
                x().gather(index, 2),
                Ref.build(new long[] {2, 3, 2}, at -> x.at(at[0], at[1], flat[(int) (at[0] * 6 + at[1] * 2 + at[2])])));
        Checks.same("take", x().take(manager.create(new int[] {5, 23})), new Ref(new long[] {2}, new double[] {
            x.data[5], x.data[23]
        }));
        Ref put = Ref.of(x().put(manager.create(new long[] {1, 4}), manager.create(new double[] {8, 9})));
        assertThat(put.data[1]).isEqualTo(8);
        assertThat(put.data[4]).isEqualTo(9);
        assertThat(put.data[5]).isEqualTo(x.data[5]);
        NDArray scattered = manager.zeros(new Shape(2, 3), DataType.FLOAT64)
                .scatter(
                        manager.create(new long[] {2, 0}, new Shape(2, 1)),
                        manager.create(new double[] {5, 6}, new Shape(2, 1)),
                        1);
        assertThat(scattered.toDoubleArray()).containsExactly(0, 0, 5, 6, 0, 0);
        NDArray coordinates = manager.create(new long[] {0, 1, 2, 1}, new Shape(2, 2));
        Checks.same(
                "gatherNd",
                x().gatherNd(coordinates),
                Ref.build(new long[] {2, 4}, at -> at[0] == 0 ? x.at(0, 2, at[1]) : x.at(1, 1, at[1])));
        Checks.same(
                "booleanMask",
                x().booleanMask(manager.create(new boolean[] {true, false, true}), 1),
                Ref.build(new long[] {2, 2, 4}, at -> x.at(at[0], at[1] * 2, at[2])));
        Checks.same(
                "sequenceMask",
                x().sequenceMask(manager.create(new int[] {1, 2}), -1),
                Ref.build(x.shape, at -> at[1] < at[0] + 1 ? x.at(at) : -1));
        Checks.same(
                "oneHot",
                manager.create(new int[] {1, 0, 2}).oneHot(3, 8f, 1f, DataType.INT32),
                new Ref(new long[] {3, 3}, new double[] {1, 8, 1, 8, 1, 1, 1, 1, 8}));
        Checks.same("where", NDArrays.where(x().gt(0), x(), x().neg()), x.map(Math::abs));
        assertThatThrownBy(() -> manager.create(new int[] {5}).oneHot(3)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> x().gather(manager.create(new long[] {99}, new Shape(1, 1, 1)), 2))
                .isInstanceOf(RuntimeException.class);
        Checks.gradient(
                "gather",
                in -> in[0].gather(in[0].getManager().create(new long[] {1, 1, 0, 0}, new Shape(2, 2)), 1),
                Ref.random(1, 0, 1, 2, 3));
        Checks.gradient(
                "where",
                in -> NDArrays.where(in[0].gt(0.5), in[0], in[1]),
                Ref.random(1, 0, 1, 2, 3),
                Ref.random(2, 0, 1, 2, 3));
    }

    @Test
    void products() {
        Ref a = Ref.random(1, -1, 1, 3, 4);
        Ref b = Ref.random(2, -1, 1, 4, 2);
        for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32, DataType.BFLOAT16}) {
            Ref ra = Ref.of(a.on(manager, type));
            Ref rb = Ref.of(b.on(manager, type));
            Checks.same("matMul", ra.on(manager, type).matMul(rb.strided(manager, type)), Ref.matmul(ra, rb));
        }
        Checks.same("dot", a.on(manager).dot(b.on(manager)), Ref.matmul(a, b));
        Ref stack = Ref.random(3, -1, 1, 2, 3, 4);
        Ref other = Ref.random(4, -1, 1, 2, 4, 2);
        Ref each = Ref.build(new long[] {2, 3, 2}, at -> {
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                sum += stack.at(at[0], at[1], k) * other.at(at[0], k, at[2]);
            }
            return sum;
        });
        Checks.same("batchMatMul", stack.on(manager).batchMatMul(other.on(manager)), each);
        Checks.same("batchDot", stack.on(manager).batchDot(other.on(manager)), each);
        Checks.same(
                "dot of vectors",
                manager.create(new double[] {1, 2}).dot(manager.create(new double[] {3, 4})),
                new Ref(new long[0], new double[] {11}));
        NDArray square = manager.create(new double[] {2, 1, 1, 3}, new Shape(2, 2));
        Checks.same("inverse", square.inverse(), new Ref(new long[] {2, 2}, new double[] {0.6, -0.2, -0.2, 0.4}));
        assertThatThrownBy(() -> a.on(manager).matMul(a.on(manager)))
                .hasMessageContaining("matMul(float64(3, 4), float64(3, 4))");
        assertThatThrownBy(() -> manager.zeros(new Shape(2, 2)).inverse())
                .isInstanceOf(ai.djl.engine.EngineException.class);
        assertThatThrownBy(() -> a.on(manager).matMul(b.on(manager, DataType.FLOAT32)))
                .isInstanceOf(ai.djl.engine.EngineException.class);
        Checks.gradient("matMul", in -> in[0].matMul(in[1]), a, b);
        Checks.gradient("inverse", in -> in[0].inverse(), new Ref(new long[] {2, 2}, new double[] {2, 1, 1, 3}));
    }

    @Test
    void fourier() {
        Ref s = Ref.random(1, -1, 1, 8);
        NDArray signal = s.on(manager, DataType.FLOAT32);
        float[] spectrum = signal.fft(8).toFloatArray();
        float[] half = signal.rfft(8).toFloatArray();
        for (int k = 0; k < 8; k++) {
            double re = 0;
            double im = 0;
            for (int n = 0; n < 8; n++) {
                re += s.data[n] * Math.cos(2 * Math.PI * k * n / 8);
                im -= s.data[n] * Math.sin(2 * Math.PI * k * n / 8);
            }
            assertThat(spectrum[2 * k]).isCloseTo((float) re, org.assertj.core.data.Offset.offset(1e-4f));
            assertThat(spectrum[2 * k + 1]).isCloseTo((float) im, org.assertj.core.data.Offset.offset(1e-4f));
            if (k <= 4) {
                assertThat(half[2 * k]).isCloseTo((float) re, org.assertj.core.data.Offset.offset(1e-4f));
            }
        }
        Checks.same("irfft", signal.rfft(8).irfft(8), s, 1e-5);
        Checks.same("ifft", signal.fft(8).ifft(8).real().get(":, 0"), s, 1e-5);
        NDArray grid = manager.arange(12f).reshape(3, 4);
        assertThat(grid.fft2(new long[] {3, 4})
                        .ifft2(new long[] {3, 4})
                        .real()
                        .get("..., 0")
                        .allClose(grid, 1e-4, 1e-4, false))
                .isTrue();
        assertThat(manager.arange(12f)
                        .reshape(6, 2)
                        .complex()
                        .conj()
                        .real()
                        .get("2, 1")
                        .toFloatArray())
                .containsExactly(-5);
        NDArray frames = manager.randomNormal(new Shape(64)).stft(16, 4, true, manager.hanningWindow(16), false);
        assertThat(frames.getShape()).isEqualTo(new Shape(9, 17, 2));
    }

    @Test
    void sparse() {
        NDArray coo = manager.createCoo(
                java.nio.FloatBuffer.wrap(new float[] {5, 7}), new long[][] {{0, 1}, {2, 0}}, new Shape(2, 3));
        assertThat(coo.isSparse()).isTrue();
        assertThat(coo.getSparseFormat()).isEqualTo(SparseFormat.COO);
        assertThat(coo.toDense().toFloatArray()).containsExactly(0, 0, 5, 7, 0, 0);
        assertThat(coo.toFloatArray()).containsExactly(0, 0, 5, 7, 0, 0);
        NDArray csr = manager.createCSR(
                java.nio.FloatBuffer.wrap(new float[] {5, 7}),
                new long[] {0, 1, 2},
                new long[] {2, 0},
                new Shape(2, 3));
        assertThat(csr.getSparseFormat()).isEqualTo(SparseFormat.CSR);
        assertThat(csr.toDense().toFloatArray()).containsExactly(0, 0, 5, 7, 0, 0);
        NDArray rows = manager.createRowSparse(
                java.nio.FloatBuffer.wrap(new float[] {1, 2, 3}), new Shape(1, 3), new long[] {1}, new Shape(2, 3));
        assertThat(rows.toDense().toFloatArray()).containsExactly(0, 0, 0, 1, 2, 3);
        NDArray dense = manager.create(new float[] {0, 2, 0, 4}, new Shape(2, 2));
        assertThat(dense.toSparse(SparseFormat.COO).toDense().toFloatArray()).containsExactly(0, 2, 0, 4);
        assertThat(dense.toSparse(SparseFormat.CSR).toDense().toFloatArray()).containsExactly(0, 2, 0, 4);
        assertThat(coo.toString()).contains("(2, 3)");
    }

    @Test
    void emptyAndDimensionlessArrays() {
        NDArray scalar = manager.create(5f);
        NDArray empty = manager.create(new Shape(2, 0));
        assertThat(empty.tile(5).getShape()).isEqualTo(new Shape(2, 0));
        assertThat(empty.tile(0, 5).getShape()).isEqualTo(new Shape(10, 0));
        assertThat(empty.repeat(5).getShape()).isEqualTo(new Shape(2, 0));
        assertThat(scalar.tile(3).getShape()).isEqualTo(new Shape(3));
        assertThatThrownBy(() -> scalar.tile(1, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThat(scalar.nonzero().getShape()).isEqualTo(new Shape(1, 1));
        assertThat(manager.create(0f).nonzero().getShape()).isEqualTo(new Shape(0, 1));
        assertThat(scalar.argMax(2).getLong()).isZero();
        assertThat(scalar.argMin().getLong()).isZero();
        assertThatThrownBy(empty::argMax).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(empty::argMin).isInstanceOf(IllegalArgumentException.class);
        assertThat(manager.create(new boolean[] {false}).getShape()).isEqualTo(new Shape(1));
        assertThatThrownBy(() -> scalar.booleanMask(manager.create(true))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> scalar.concat(manager.create(1f))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NDArrays.concat(new NDList(manager.create(new float[] {1}), scalar)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> manager.create(new Shape(1, 0, 0)).sequenceMask(manager.create(new float[] {1})))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aVectorOfConditionsChoosesRowsWhereItFitsNoColumns() {
        NDArray a = manager.create(new float[] {0, 3, 5, 9, 11, 12, -2, -4}, new Shape(2, 4));
        NDArray b = manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(2, 4));
        assertThat(NDArrays.where(manager.create(new boolean[] {false, true}), a, b)
                        .toFloatArray())
                .containsExactly(1, 2, 3, 4, 11, 12, -2, -4);
        assertThat(NDArrays.where(manager.create(new boolean[] {true, false, false, true}), a, b)
                        .toFloatArray())
                .containsExactly(0, 2, 3, 9, 11, 6, 7, -4);
    }

    @Test
    void splittingAtTheStartGivesAnEmptyPart() {
        NDList parts = manager.arange(4f).split(new long[] {0, 1});
        assertThat(parts.getShapes()).containsExactly(new Shape(0), new Shape(1), new Shape(3));
    }
}
