package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The updates behind DJL's optimizers, on one parameter each, with the formulas of Apache MXNet, which DJL's interface follows.
 * Inputs are weight, gradient, then states. The weight's gradient is cleared afterwards.
 */
final class OptimizerUpdates {
    private OptimizerUpdates() {}

    static void sgd(NDList in, float rate, float decay, float rescale, float clip, float momentum) {
        update("sgdUpdate", in, () -> {
            Tensor w = weight(in);
            Tensor g = gradient(in, rescale, clip).add(w, new Scalar(decay));
            if (momentum == 0f) {
                w.sub_(g, new Scalar(rate));
            } else {
                w.add_(state(in, 2).mul_(new Scalar(momentum)).sub_(g, new Scalar(rate)));
            }
        });
    }

    /** Nesterov's accelerated gradient. */
    static void nag(NDList in, float rate, float decay, float rescale, float clip, float momentum) {
        update("nagUpdate", in, () -> {
            Tensor w = weight(in);
            Tensor g = gradient(in, rescale, clip).add(w, new Scalar(decay));
            if (momentum != 0f) {
                Tensor velocity = state(in, 2).mul_(new Scalar(momentum)).add_(g);
                g = g.add(velocity, new Scalar(momentum));
            }
            w.sub_(g, new Scalar(rate));
        });
    }

    /** {@code correctedRate} holds the bias corrections of both moments; AdamW decays by the plain rate. */
    static void adam(
            NDList in,
            float rate,
            float correctedRate,
            float decay,
            float rescale,
            float clip,
            float beta1,
            float beta2,
            float epsilon,
            boolean decoupled) {
        update("adamUpdate", in, () -> {
            Tensor w = weight(in);
            Tensor g = gradient(in, rescale, clip);
            if (decoupled) {
                w.mul_(new Scalar(1 - rate * decay));
            } else {
                g = g.add(w, new Scalar(decay));
            }
            Tensor mean = state(in, 2).mul_(new Scalar(beta1)).add_(g, new Scalar(1 - beta1));
            Tensor variance = state(in, 3).mul_(new Scalar(beta2)).addcmul_(g, g, new Scalar(1 - beta2));
            w.addcdiv_(mean, variance.sqrt().add_(new Scalar(epsilon)), new Scalar(-correctedRate));
        });
    }

    static void adagrad(NDList in, float rate, float decay, float rescale, float clip, float epsilon) {
        update("adagradUpdate", in, () -> {
            Tensor w = weight(in);
            Tensor g = gradient(in, rescale, clip);
            Tensor history = state(in, 2).addcmul_(g, g, new Scalar(1.0));
            Tensor direction = g.div(history.add(new Scalar(epsilon)).sqrt_()).add_(w, new Scalar(decay));
            w.sub_(direction, new Scalar(rate));
        });
    }

    static void adadelta(NDList in, float decay, float rescale, float clip, float rho, float epsilon) {
        update("adadeltaUpdate", in, () -> {
            Tensor w = weight(in);
            Tensor g = gradient(in, rescale, clip);
            Tensor squares = state(in, 2).mul_(new Scalar(rho)).addcmul_(g, g, new Scalar(1 - rho));
            Tensor deltas = state(in, 3);
            Tensor delta = deltas.add(new Scalar(epsilon))
                    .div_(squares.add(new Scalar(epsilon)))
                    .sqrt_()
                    .mul_(g);
            deltas.mul_(new Scalar(rho)).addcmul_(delta, delta, new Scalar(1 - rho));
            w.sub_(delta.add_(w, new Scalar(decay)));
        });
    }

    /** Plain (Tieleman and Hinton 2012), or centered with momentum (Graves 2013). */
    static void rmsprop(
            NDList in,
            float rate,
            float decay,
            float rescale,
            float clip,
            float rho,
            float momentum,
            float epsilon,
            boolean centered) {
        update("rmspropUpdate", in, () -> {
            Tensor w = weight(in);
            Tensor g = gradient(in, rescale, clip).add(w, new Scalar(decay));
            Tensor squares = state(in, 2).mul_(new Scalar(rho)).addcmul_(g, g, new Scalar(1 - rho));
            if (!centered) {
                w.addcdiv_(g, squares.add(new Scalar(epsilon)).sqrt_(), new Scalar(-rate));
                return;
            }
            Tensor mean = state(in, 3).mul_(new Scalar(rho)).add_(g, new Scalar(1 - rho));
            Tensor spread = squares.sub(mean.square()).add_(new Scalar(epsilon)).sqrt_();
            Tensor velocity = state(in, 4).mul_(new Scalar(momentum)).addcdiv_(g, spread, new Scalar(-rate));
            w.add_(velocity);
        });
    }

    private static void update(String name, NDList in, Runnable body) {
        Boolean mode = GradState.choose(false);
        try {
            NativeCall.run(name, body, in.toArray());
            NDArray weight = in.get(0);
            if (weight.hasGradient()) {
                ((LtNDArray) weight).clearGradient();
            }
        } finally {
            GradState.restore(mode);
        }
    }

    private static Tensor weight(NDList in) {
        return LtNDArray.tensor(in.get(0)).detach();
    }

    private static Tensor state(NDList in, int index) {
        return LtNDArray.tensor(in.get(index)).detach();
    }

    private static Tensor gradient(NDList in, float rescale, float clip) {
        Tensor g = LtNDArray.tensor(in.get(1)).detach();
        if (g.is_sparse()) {
            g = g.to_dense();
        }
        g = rescale == 1f ? g : g.mul(new Scalar(rescale));
        return clip > 0 ? g.clamp(new ScalarOptional(new Scalar(-clip)), new ScalarOptional(new Scalar(clip))) : g;
    }
}
