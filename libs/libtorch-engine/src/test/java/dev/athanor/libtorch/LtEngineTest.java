package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.api.Test;

class LtEngineTest {
    @Test
    void isFoundByTheServiceLoaderAndIsTheDefault() {
        assertThat(Engine.getInstance().getEngineName()).isEqualTo("LibTorch");
        assertThat(Engine.getInstance().getVersion()).startsWith("2.");
    }

    @Test
    void computesWithAThreadACore() {
        assertThat(Threads.wanted()).isBetween(1, Runtime.getRuntime().availableProcessors());
        // Two sockets of two cores of two threads.
        java.util.List<String> lines = new java.util.ArrayList<>();
        for (int i = 0; i < 8; i++) {
            lines.add("processor\t: " + i);
            lines.add("physical id\t: " + i % 2);
            lines.add("core id\t\t: " + i / 4);
        }
        assertThat(Threads.cores(lines)).isEqualTo(4);
        assertThat(Threads.cores(java.util.List.of("processor : 0", "BogoMIPS : 50")))
                .isZero();
    }

    @Test
    void anErrorNamesTheOperationAndTheShapes() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray a = manager.ones(new Shape(2, 3));
            NDArray b = manager.ones(new Shape(4));
            assertThatThrownBy(() -> a.add(b))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("add(float32(2, 3), float32(4))")
                    .hasMessageNotContaining("libtorch_cpu.so");
        }
    }

    @Test
    void aClosedArrayRaisesAndItsManagerClosesTheRest() {
        NDManager manager = NDManager.newBaseManager();
        NDArray closed = manager.ones(new Shape(2));
        NDArray open = manager.ones(new Shape(2));
        closed.close();
        assertThatThrownBy(() -> closed.add(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> open.add(closed)).isInstanceOf(IllegalStateException.class);
        manager.close();
        assertThat(open.isReleased()).isTrue();
        assertThatThrownBy(() -> open.toFloatArray()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothingIsRecordedOutsideACollector() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray w = manager.ones(new Shape(2));
            w.setRequiresGradient(true);
            assertThat(w.mul(2).hasGradient()).isFalse();
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray loss = w.mul(3).sum();
                assertThat(loss.hasGradient()).isTrue();
                collector.backward(loss);
            }
            assertThat(w.getGradient().toFloatArray()).containsExactly(3f, 3f);
            assertThat(w.mul(2).hasGradient()).isFalse();
        }
    }

    @Test
    void sixteenBitFloatsGoInAndOut() {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] values = {0f, -1.5f, 3.140625f, Float.POSITIVE_INFINITY, 1e-3f};
            for (DataType type : new DataType[] {DataType.BFLOAT16, DataType.FLOAT16}) {
                NDArray array = manager.create(java.nio.FloatBuffer.wrap(values), new Shape(5), type);
                NDArray converted = manager.create(values).toType(type, false);
                assertThat(array.toFloatArray()).containsExactly(converted.toFloatArray());
                assertThat(array.getDataType()).isEqualTo(type);
                assertThat(array.toArray()).hasSize(5);
            }
        }
    }

    @Test
    void aListenerSeesOperationsAndTheirDurations() {
        java.util.Map<String, Long> seen = new java.util.concurrent.ConcurrentHashMap<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            OperationListener.install((operation, nanoseconds) -> seen.merge(operation, nanoseconds, Long::sum));
            manager.ones(new Shape(64, 64))
                    .matMul(manager.ones(new Shape(64, 64)))
                    .softmax(0);
        } finally {
            OperationListener.install(null);
        }
        assertThat(seen).containsKeys("ones", "matMul", "softmax");
        assertThat(seen.get("matMul")).isPositive();
    }
}
