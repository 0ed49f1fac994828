package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Clipping of gradients by their global norm (Pascanu et al. 2013), with the rule of PyTorch's {@code clip_grad_norm_}. */
public final class GradientClipping {
    private GradientClipping() {}

    /**
     * Scales the given gradients in place so that their joint Euclidean norm is at most {@code maxNorm}.
     *
     * @param gradients arrays that hold gradients (not the parameters)
     * @param maxNorm positive; infinity to measure only
     * @return the norm before clipping
     */
    public static double clip(Iterable<? extends NDArray> gradients, double maxNorm) {
        return NativeCall.value("clipGradients", () -> {
            TensorVector tensors = new TensorVector();
            for (NDArray gradient : gradients) {
                tensors.push_back(LtNDArray.tensor(gradient).detach());
            }
            return clip(tensors, maxNorm);
        });
    }

    static double clip(TensorVector gradients, double maxNorm) {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("maxNorm is " + maxNorm + ", expected a positive number");
        }
        if (gradients.size() == 0) {
            return 0;
        }
        TensorVector norms = Operators.find("aten::_foreach_norm.Scalar")
                .call(Operators.list(gradients), new IValue(new Scalar(2.0)), Operators.none())
                .get(0)
                .toTensorVector();
        Tensor total = torch.stack(norms).norm(new Scalar(2));
        double norm = total.item_double();
        double factor = maxNorm / (norm + 1e-6);
        if (factor < 1 && Double.isFinite(norm)) {
            Operators.find("aten::_foreach_mul_.Scalar")
                    .call(Operators.list(gradients), new IValue(new Scalar(factor)));
        }
        return norm;
    }
}
