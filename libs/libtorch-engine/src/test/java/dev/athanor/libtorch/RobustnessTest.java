package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Whatever comes from Java, the process lives: errors are exceptions, memory is bounded. */
class RobustnessTest {
    /** Not called at random: they wait, end the manager, or start what is tested elsewhere. */
    private static final Set<String> LEFT_OUT = Set.of(
            "close", "attach", "tempAttach", "detach", "returnResource", "wait", "notify", "notifyAll", "intern");

    /** Calls every method of NDArray many times with arguments that mostly make no sense. */
    @Test
    void randomCallsNeverKillTheProcess() throws IllegalAccessException {
        Random random = new Random(20_260_101);
        Method[] methods = Arrays.stream(NDArray.class.getMethods())
                .filter(m -> !Modifier.isStatic(m.getModifiers()) && !LEFT_OUT.contains(m.getName()))
                .sorted(Comparator.comparing(Method::toString))
                .toArray(Method[]::new);
        int completed = 0;
        int refused = 0;
        for (Method method : methods) {
            for (int i = 0; i < 12; i++) {
                try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
                    Object[] arguments = Arrays.stream(method.getParameterTypes())
                            .map(type -> argument(manager, type, random))
                            .toArray();
                    try {
                        method.invoke(array(manager, random), arguments);
                        completed++;
                    } catch (InvocationTargetException e) {
                        refused++;
                        assertThat(e.getCause())
                                .as("%s with %s", method, Arrays.deepToString(arguments))
                                .isInstanceOf(Exception.class);
                    }
                }
            }
        }
        assertThat(completed).isGreaterThan(300);
        assertThat(refused).isGreaterThan(300);
    }

    private static NDArray array(NDManager manager, Random random) {
        Shape[] shapes = {
            new Shape(),
            new Shape(0),
            new Shape(3),
            new Shape(2, 3),
            new Shape(3, 3),
            new Shape(0, 2),
            new Shape(2, 3, 4),
            new Shape(1, 2, 3, 3)
        };
        DataType[] types = {
            DataType.FLOAT32,
            DataType.FLOAT64,
            DataType.FLOAT16,
            DataType.BFLOAT16,
            DataType.INT8,
            DataType.UINT8,
            DataType.INT32,
            DataType.INT64,
            DataType.BOOLEAN,
            DataType.COMPLEX64
        };
        NDArray array = manager.randomInteger(-3, 5, shapes[random.nextInt(shapes.length)], DataType.FLOAT32)
                .toType(types[random.nextInt(types.length)], false);
        if (random.nextInt(12) == 0) {
            array.close();
        }
        return random.nextInt(4) == 0 && !array.isReleased() && array.getShape().dimension() > 1
                ? array.transpose()
                : array;
    }

    private static Object argument(NDManager manager, Class<?> type, Random random) {
        if (type == NDArray.class) {
            return random.nextInt(20) == 0 ? null : array(manager, random);
        } else if (type == int.class || type == Integer.class) {
            return random.nextInt(8) - 3;
        } else if (type == long.class) {
            return (long) random.nextInt(8) - 3;
        } else if (type == int[].class) {
            return random.ints(random.nextInt(3), -3, 4).toArray();
        } else if (type == long[].class) {
            return random.longs(random.nextInt(4), -2, 4).toArray();
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == float.class) {
            return random.nextFloat();
        } else if (type == double.class) {
            return random.nextDouble();
        } else if (type == Number.class) {
            return random.nextBoolean()
                    ? (Number) (random.nextInt(5) - 2)
                    : (Number) Double.valueOf(random.nextGaussian());
        } else if (type == Shape.class) {
            return new Shape(random.longs(random.nextInt(4), -1, 4).toArray());
        } else if (type == DataType.class) {
            return DataType.values()[random.nextInt(DataType.values().length)];
        } else if (type == Device.class) {
            return Device.cpu();
        } else if (type == NDManager.class) {
            return manager;
        } else if (type == NDIndex.class) {
            return new NDIndex(random.nextInt(4) - 2);
        } else if (type == String.class) {
            return new String[] {":", "1", "0:1, ::2", "...", "*, -1"}[random.nextInt(5)];
        } else if (type == Object[].class) {
            return new Object[0];
        }
        return null;
    }

    @Test
    void wrongDevicesTypesAndFilesRaise() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
            NDArray x = manager.ones(new Shape(2, 2));
            assertThatThrownBy(() -> x.toDevice(Device.gpu(7), false)).isInstanceOf(EngineException.class);
            assertThatThrownBy(() -> x.toType(DataType.STRING, false)).hasMessageContaining("string");
            assertThatThrownBy(() -> x.toIntArray()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> manager.create(new Shape(-1))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> manager.create(new float[3], new Shape(2, 2)))
                    .hasMessageContaining("needs 4");
            assertThatThrownBy(() -> manager.arange(0, 5, 0f)).isInstanceOf(EngineException.class);
            assertThatThrownBy(() -> manager.randomInteger(5, 5, new Shape(1), DataType.INT32))
                    .isInstanceOf(EngineException.class);
            assertThatThrownBy(() -> manager.randomMultinomial(3, x.mul(-1))).isInstanceOf(EngineException.class);
            assertThatThrownBy(() -> manager.invoke("aten::no_such_thing", new NDList(x), null))
                    .isInstanceOf(EngineException.class);
            assertThatThrownBy(() -> Autograd.backward(x.sum()))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("backward");
            assertThatThrownBy(() -> NDArrays.stack(new NDList(x, manager.ones(new Shape(3)))))
                    .hasMessageContaining("stack");
            assertThatThrownBy(() -> x.getGradient()).isInstanceOf(IllegalStateException.class);
            ai.djl.util.PairList<String, Object> rows = new ai.djl.util.PairList<>();
            rows.add("dim", new long[] {0});
            rows.add("keepdim", true);
            assertThat(manager.invoke("aten::sum.dim_IntList", new NDList(manager.ones(new Shape(2, 3))), rows)
                            .head()
                            .getShape())
                    .isEqualTo(new Shape(1, 3));
            ai.djl.util.PairList<String, Object> wrong = new ai.djl.util.PairList<>();
            wrong.add("dim", "rows");
            assertThatThrownBy(() -> manager.invoke("aten::sum.dim_IntList", new NDList(x), wrong))
                    .isInstanceOf(EngineException.class);
            assertThat(manager.invoke("aten::relu", new NDList(x.neg()), null)
                            .head()
                            .sum()
                            .getFloat())
                    .isZero();
        }
    }

    @Test
    void anAllocationThatFailsIsAnExceptionWithItsSize() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
            assertThatThrownBy(() -> manager.zeros(new Shape(1L << 40, 1L << 10)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("(1099511627776, 1024)");
            NDArray row = manager.ones(new Shape(1, 1 << 20));
            assertThatThrownBy(() -> row.broadcast(1L << 30, 1 << 20).add(1))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("add");
            assertThat(manager.ones(new Shape(3)).sum().getFloat()).isEqualTo(3f);
        }
    }

    @Test
    void stringsAreHeldButNotComputedWith() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray words = manager.create(new String[] {"a", "b"});
            assertThat(words.toStringArray()).containsExactly("a", "b");
            assertThat(words.contentEquals(words.duplicate())).isTrue();
            assertThatThrownBy(() -> words.add(1)).isInstanceOf(UnsupportedOperationException.class);
            words.close();
            assertThat(words.isReleased()).isTrue();
        }
    }

    @Test
    void managersOwnWhatIsMadeInThem() {
        NDManager outer = NDManager.newBaseManager("LibTorch");
        NDArray kept;
        NDArray returned = outer.ones(new Shape(2));
        try (NDManager inner = outer.newSubManager()) {
            NDArray temporary = inner.ones(new Shape(2));
            kept = temporary.add(1);
            kept.attach(outer);
            returned.tempAttach(inner);
            assertThat(returned.getManager()).isSameAs(inner);
            assertThat(inner.getManagedArrays()).contains(temporary);
        }
        assertThat(returned.isReleased()).isFalse();
        assertThat(returned.getManager()).isSameAs(outer);
        assertThat(kept.toFloatArray()).containsExactly(2, 2);
        outer.close();
        assertThat(kept.isReleased()).isTrue();
        assertThatThrownBy(() -> outer.ones(new Shape(1))).isInstanceOf(IllegalStateException.class);
        NDManager capped = NDManager.newBaseManager("LibTorch");
        NDArray before = capped.ones(new Shape(1));
        capped.cap();
        assertThatThrownBy(() -> before.add(1)).isInstanceOf(IllegalStateException.class);
        capped.close();
        NDArray scoped;
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            try (ai.djl.ndarray.NDScope scope = new ai.djl.ndarray.NDScope()) {
                scope.suppressNotUsedWarning();
                scoped = manager.ones(new Shape(1));
            }
            assertThat(scoped.isReleased()).isTrue();
        }
    }

    /** Neither arrays nor native objects nor resident memory grow with the number of steps. */
    @Test
    void twoThousandTrainingStepsKeepMemoryFlat() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
            NDArray weight = manager.randomNormal(new Shape(64, 64));
            weight.setRequiresGradient(true);
            try (FusedAdamW optimizer = new FusedAdamW(
                    java.util.List.of(new FusedAdamW.Group(java.util.Map.of("w", weight), 0.1)),
                    new FusedAdamW.Options())) {
                train(manager, weight, optimizer, 300);
                MemoryStats before = settled();
                train(manager, weight, optimizer, 2000);
                MemoryStats after = settled();
                // The first touch of the young generation's pages, or a compilation, also takes memory, but only once.
                for (int again = 0; again < 2 && grown(before, after); again++) {
                    before = after;
                    train(manager, weight, optimizer, 2000);
                    after = settled();
                }
                assertThat(grown(before, after))
                        .as("before 2,000 steps %s, after them %s", before, after)
                        .isFalse();
            }
        }
    }

    private static boolean grown(MemoryStats before, MemoryStats after) {
        return after.liveArrays() > before.liveArrays()
                || after.nativeObjects() > before.nativeObjects()
                || after.residentBytes() - before.residentBytes() > 32L << 20
                || after.heapBytes() - before.heapBytes() > 16L << 20;
    }

    /** What is held once the collector has freed what earlier tests dropped: the counts of 10 collections in a row agree. */
    private static MemoryStats settled() {
        MemoryStats last = MemoryStats.now();
        int equal = 0;
        for (int i = 0; i < 200 && equal < 10; i++) {
            System.gc();
            LockSupport.parkNanos(10_000_000);
            MemoryStats now = MemoryStats.now();
            boolean same = now.liveArrays() == last.liveArrays() && now.nativeObjects() == last.nativeObjects();
            equal = same ? equal + 1 : 0;
            last = now;
        }
        return last;
    }

    private static void train(NDManager manager, NDArray weight, FusedAdamW optimizer, int steps) {
        for (int i = 0; i < steps; i++) {
            try (NDManager step = manager.newSubManager();
                    Autograd.Scope recording = Autograd.record()) {
                NDArray x = step.randomNormal(new Shape(4, 64));
                NDArray h = LtFunctions.gelu(LtFunctions.linear(x, weight, null), false);
                Autograd.backward(h.get(":, 1:").softmax(-1).square().sum());
                optimizer.collectGradients();
                optimizer.clipGradients(1);
                optimizer.step(1e-3);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        assertThat(run()).containsExactly(run());
    }

    private static float[] run() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "LibTorch")) {
            RngState.seed(11);
            NDArray w = manager.randomNormal(new Shape(96, 96)).toType(DataType.BFLOAT16, false);
            w.setRequiresGradient(true);
            for (int i = 0; i < 5; i++) {
                try (Autograd.Scope recording = Autograd.record()) {
                    NDArray x = manager.randomNormal(new Shape(256, 96)).toType(DataType.BFLOAT16, false);
                    NDArray h = LtFunctions.dropout(LtFunctions.linear(x, w, null), 0.1)
                            .reshape(4, 64, 2, 48)
                            .transpose(0, 2, 1, 3);
                    NDArray y = LtFunctions.scaledDotProductAttention(h, h, h, null, true, 0, null);
                    Autograd.backward(y.square().sum());
                }
                w.subi(w.getGradient().mul(1e-3));
                Autograd.clearGradients(java.util.List.of(w));
            }
            return w.toFloatArray();
        }
    }

    @Test
    void arraysOfOtherEnginesAreConverted() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray foreign = ai.djl.util.passthrough.PassthroughNDManager.INSTANCE.create(new float[] {1, 2});
            assertThat(manager.ones(new Shape(2)).add(foreign).toFloatArray()).containsExactly(2, 3);
        }
    }
}
