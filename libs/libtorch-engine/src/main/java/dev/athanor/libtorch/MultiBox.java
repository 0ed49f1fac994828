package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

final class MultiBox {
    private MultiBox() {}

    static NDList target(
            LtNDManager manager, NDList inputs, float iou, float ignore, float ratio, float threshold, int minimum) {
        throw new UnsupportedOperationException("multiBoxTarget");
    }

    static NDList prior(
            NDArray image,
            List<Float> sizes,
            List<Float> ratios,
            List<Float> steps,
            List<Float> offsets,
            boolean clip) {
        throw new UnsupportedOperationException("multiBoxPrior");
    }

    static NDList detection(
            LtNDManager manager,
            NDList inputs,
            boolean clip,
            float threshold,
            int background,
            float nms,
            boolean force,
            int topK) {
        throw new UnsupportedOperationException("multiBoxDetection");
    }
}
