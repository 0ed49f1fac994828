package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Anchor boxes on cases small enough to work out by hand. */
class MultiBoxTest {
    private static final Offset<Float> CLOSE = Offset.offset(1e-5f);

    @Test
    void priorsCoverTheGrid() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray image = manager.zeros(new Shape(1, 3, 2, 2));
            NDArray boxes = image.getNDArrayInternal()
                    .multiBoxPrior(List.of(0.5f, 0.2f), List.of(1f, 4f), List.of(-1f, -1f), List.of(0.5f, 0.5f), false)
                    .head();
            assertThat(boxes.getShape()).isEqualTo(new Shape(1, 12, 4));
            assertThat(boxes.get("0, 0").toFloatArray()).containsExactly(0f, 0f, 0.5f, 0.5f);
            assertThat(boxes.get("0, 1").toFloatArray())
                    .containsExactly(new float[] {0.15f, 0.15f, 0.35f, 0.35f}, CLOSE);
            assertThat(boxes.get("0, 2").toFloatArray())
                    .containsExactly(new float[] {-0.25f, 0.125f, 0.75f, 0.375f}, CLOSE);
            assertThat(boxes.get("0, 9").toFloatArray()).containsExactly(new float[] {0.5f, 0.5f, 1f, 1f}, CLOSE);
        }
    }

    @Test
    void targetsAndDetectionsAreInverse() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray anchors = manager.create(
                    new float[] {0, 0, 0.4f, 0.4f, 0.5f, 0.5f, 1, 1, 0, 0.6f, 0.3f, 1}, new Shape(1, 3, 4));
            NDArray labels =
                    manager.create(new float[] {1, 0.05f, 0.05f, 0.45f, 0.35f, -1, 0, 0, 0, 0}, new Shape(1, 2, 5));
            NDArray predictions = manager.zeros(new Shape(1, 3, 3));
            NDList target = anchors.getNDArrayInternal()
                    .multiBoxTarget(new NDList(anchors, labels, predictions), 0.5f, -1f, -1f, 0.5f, 0);
            assertThat(target.get(2).toFloatArray()).containsExactly(2, 0, 0);
            assertThat(target.get(1).sum().getFloat()).isEqualTo(4);
            NDArray probabilities =
                    manager.create(new float[] {0.1f, 0.9f, 0.9f, 0.1f, 0, 0, 0.8f, 0.1f, 0.1f}, new Shape(1, 3, 3));
            NDArray found = anchors.getNDArrayInternal()
                    .multiBoxDetection(
                            new NDList(probabilities, target.get(0), anchors), true, 0.3f, 0, 0.5f, false, -1)
                    .head();
            assertThat(found.getShape()).isEqualTo(new Shape(1, 3, 6));
            assertThat(found.get("0, 0").toFloatArray())
                    .containsExactly(new float[] {1, 0.8f, 0.05f, 0.05f, 0.45f, 0.35f}, CLOSE);
            assertThat(found.get("0, 1, 0").getFloat()).isEqualTo(-1);
        }
    }

    @Test
    void miningKeepsTheHardestNegatives() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray anchors = manager.create(
                    new float[] {0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1, 0, 0.5f, 0.5f, 1, 0.5f, 0, 1, 0.5f},
                    new Shape(1, 4, 4));
            NDArray labels = manager.create(new float[] {0, 0, 0, 0.5f, 0.5f}, new Shape(1, 1, 5));
            NDArray predictions = manager.create(new float[] {0, 5, 1, 3, 0, 0, 0, 0}, new Shape(1, 2, 4));
            NDList target = anchors.getNDArrayInternal()
                    .multiBoxTarget(new NDList(anchors, labels, predictions), 0.5f, -1f, 2f, 0.5f, 0);
            assertThat(target.get(2).toFloatArray()).containsExactly(1, -1, 0, 0);
        }
    }

    @Test
    void overlappingBoxesOfOneClassAreSuppressed() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray anchors = manager.create(
                    new float[] {0, 0, 0.5f, 0.5f, 0, 0, 0.5f, 0.48f, 0.5f, 0.5f, 1, 1}, new Shape(1, 3, 4));
            NDArray probabilities =
                    manager.create(new float[] {0.1f, 0.2f, 0.3f, 0.9f, 0.8f, 0.7f}, new Shape(1, 2, 3));
            NDArray found = anchors.getNDArrayInternal()
                    .multiBoxDetection(
                            new NDList(probabilities, manager.zeros(new Shape(1, 12)), anchors),
                            true,
                            0.01f,
                            0,
                            0.5f,
                            false,
                            -1)
                    .head();
            // The hidden box keeps its score and its place, without a class.
            assertThat(found.get("0, :, 0").toFloatArray()).containsExactly(0f, -1f, 0f);
            assertThat(found.get("0, :, 1").toFloatArray()).containsExactly(0.9f, 0.8f, 0.7f);
            assertThat(found.get("0, 1, 2:").toFloatArray()).containsExactly(0f, 0f, 0.5f, 0.48f);
        }
    }
}
