package dev.athanor.libtorch;

import ai.djl.ndarray.NDManager;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {@code activation(gate) * up} over the two halves of the last dimension. The gradients of the halves are written into one array
 * instead of being made apart and joined, which halves the backward pass; the plain formula is the twin.
 */
enum GatedUnit {
    SILU {
        @Override
        Tensor activated(Tensor gate) {
            return torch.silu(gate);
        }

        @Override
        void back(Tensor into, Tensor gradient, Tensor gate) {
            torch.silu_backward_out(into, gradient, gate);
        }
    },
    GELU {
        @Override
        Tensor activated(Tensor gate) {
            return torch.gelu(gate, "none");
        }

        @Override
        void back(Tensor into, Tensor gradient, Tensor gate) {
            torch.gelu_backward_out(into, gradient, gate, "none");
        }
    },
    GELU_TANH {
        @Override
        Tensor activated(Tensor gate) {
            return torch.gelu(gate, "tanh");
        }

        @Override
        void back(Tensor into, Tensor gradient, Tensor gate) {
            torch.gelu_backward_out(into, gradient, gate, "tanh");
        }
    };

    abstract Tensor activated(Tensor gate);

    abstract void back(Tensor into, Tensor gradient, Tensor gate);

    /** The twin: libtorch differentiates it. */
    Tensor plain(Tensor gateUp) {
        long width = width(gateUp);
        return activated(gateUp.narrow(-1, 0, width)).mul(gateUp.narrow(-1, width, width));
    }

    /** Call inside a pointer scope. */
    Tensor apply(Tensor gateUp, NDManager manager) {
        long width = width(gateUp);
        if (!GradState.enabled() || !gateUp.requires_grad()) {
            return plain(gateUp);
        }
        Tensor values = gateUp.detach();
        Tensor gate = values.narrow(-1, 0, width);
        Tensor up = values.narrow(-1, width, width);
        Tensor active = activated(gate);
        // A view of the gate carries the result: its gradient comes back in the first half of the view's of both.
        Tensor both = gateUp.view_as(gateUp);
        Tensor result = both.narrow(-1, 0, width);
        result.set_data(active.mul(up));
        GradientHook.inPlace(
                both,
                manager,
                gradient -> {
                    Tensor first = gradient.narrow(-1, 0, width);
                    torch.mul_out(gradient.narrow(-1, width, width), first, active);
                    back(first, first.mul(up), gate);
                },
                gate,
                up,
                active);
        return result;
    }

    private static long width(Tensor gateUp) {
        if (gateUp.size(-1) % 2 != 0) {
            throw new IllegalArgumentException("the last dimension of " + LtTypes.shape(gateUp) + " must be even");
        }
        return gateUp.size(-1) / 2;
    }
}
