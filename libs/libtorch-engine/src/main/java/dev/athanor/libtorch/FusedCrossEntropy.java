package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Output head and cross-entropy together, a block of rows at a time, so that the logits of a whole batch never exist: loss and
 * gradients come out of one pass (the idea of Liger Kernel's fused linear cross-entropy). The softmax is taken in float32
 * whatever the type of the logits.
 *
 * @param chunkRows rows at a time; 512 is the fastest on a CPU
 * @param ignoreIndex targets of this value count for nothing
 */
public record FusedCrossEntropy(int chunkRows, long ignoreIndex) {
    /** Validates. */
    public FusedCrossEntropy {
        if (chunkRows <= 0) {
            throw new IllegalArgumentException("chunkRows is " + chunkRows + ", expected at least 1");
        }
    }

    /** 512 rows, ignoring -100. */
    public FusedCrossEntropy() {
        this(512, -100);
    }

    /**
     * The sum of the losses of all counted tokens, and how many those are.
     *
     * @param sum in nats
     * @param count of the tokens that were not ignored
     */
    public record Loss(double sum, long count) {
        /** Mean per counted token; zero where there is none. */
        public double mean() {
            return count == 0 ? 0 : sum / count;
        }
    }

    /**
     * Runs head, loss and the backward pass of all that {@code hidden} was computed from; gradients are those of
     * {@code sum / normalizer}.
     *
     * @param hidden [..., C], recorded
     * @param weight [V, C] of the head; its gradient is added to
     * @param bias [V] or null
     * @param targets class numbers, int64 or int32, of the leading shape of {@code hidden}
     * @param normalizer usually the number of counted tokens of the whole (accumulated, distributed) batch
     */
    public Loss backward(NDArray hidden, NDArray weight, @Nullable NDArray bias, NDArray targets, double normalizer) {
        return NativeCall.value(
                "crossEntropy",
                () -> backward(
                        LtNDArray.tensor(hidden),
                        LtNDArray.tensor(weight),
                        bias == null ? null : LtNDArray.tensor(bias),
                        LtNDArray.tensor(targets),
                        normalizer),
                hidden,
                weight,
                targets);
    }

    /** As above, normalized by the number of counted tokens of this call. */
    public Loss backward(NDArray hidden, NDArray weight, @Nullable NDArray bias, NDArray targets) {
        return backward(hidden, weight, bias, targets, Math.max(1, countTargets(targets)));
    }

    /** How many targets are not ignored. */
    public long countTargets(NDArray targets) {
        return NativeCall.value(
                "countTargets",
                () -> LtNDArray.tensor(targets)
                        .ne(new Scalar(ignoreIndex))
                        .sum()
                        .item_long(),
                targets);
    }

    /**
     * Losses per token, without gradients, in float32 and of the shape of {@code targets}; zero where ignored.
     *
     * @param hidden [..., C]
     */
    public NDArray perToken(NDArray hidden, NDArray weight, @Nullable NDArray bias, NDArray targets) {
        return NativeCall.array(
                (LtNDManager) hidden.getManager(),
                "crossEntropy",
                () -> {
                    Rows rows = new Rows(LtNDArray.tensor(hidden), LtNDArray.tensor(weight), LtNDArray.tensor(targets));
                    Tensor head = LtNDArray.tensor(weight).detach();
                    Tensor b = bias == null ? null : LtNDArray.tensor(bias).detach();
                    Tensor losses = torch.zeros(
                            new long[] {rows.count},
                            rows.hidden.options().dtype(new ScalarTypeOptional(ScalarType.Float)));
                    for (long from = 0; from < rows.count; from += chunkRows) {
                        long n = Math.min(chunkRows, rows.count - from);
                        try (PointerScope scope = new PointerScope()) {
                            Tensor target = rows.targets.narrow(0, from, n).view(n, 1);
                            Tensor ignored = target.eq(new Scalar(ignoreIndex));
                            Tensor logProbability = logProbability(rows.hidden.narrow(0, from, n), head, b);
                            Tensor picked = logProbability.gather(1, target.masked_fill(ignored, new Scalar(0)));
                            losses.narrow(0, from, n)
                                    .copy_(picked.neg()
                                            .masked_fill(ignored, new Scalar(0))
                                            .view(n));
                        }
                    }
                    return losses.view(LtTypes.shape(LtNDArray.tensor(targets)).getShape());
                },
                hidden,
                weight,
                targets);
    }

    private static Tensor logProbability(Tensor rows, Tensor head, @Nullable Tensor bias) {
        Tensor logits = bias == null
                ? torch.linear(rows, head)
                : torch.linear(rows, head, new org.bytedeco.pytorch.TensorOptional(bias));
        boolean wide = logits.scalar_type().value == ScalarType.Double.value;
        return torch.log_softmax(logits, -1, new ScalarTypeOptional(wide ? ScalarType.Double : ScalarType.Float));
    }

    private Loss backward(Tensor hidden, Tensor weight, @Nullable Tensor bias, Tensor targets, double normalizer) {
        Rows rows = new Rows(hidden, weight, targets);
        Gradients gradients = Gradients.of(rows, weight, bias);
        Loss loss;
        Boolean mode = GradState.choose(false);
        try {
            GradState.sync();
            loss = chunks(rows, weight.detach(), bias == null ? null : bias.detach(), normalizer, gradients);
        } finally {
            GradState.restore(mode);
        }
        GradState.sync();
        if (hidden.requires_grad()) {
            Autograd.backward(
                    hidden, gradients.hidden.view(LtTypes.shape(hidden).getShape()), false);
        }
        accumulate(weight, gradients.weight);
        if (bias != null && gradients.bias != null) {
            accumulate(bias, gradients.bias);
        }
        return loss;
    }

    private Loss chunks(Rows rows, Tensor head, @Nullable Tensor bias, double normalizer, Gradients gradients) {
        Tensor sum = torch.zeros(new long[0], rows.hidden.options().dtype(new ScalarTypeOptional(ScalarType.Double)));
        long counted = rows.targets.ne(new Scalar(ignoreIndex)).sum().item_long();
        boolean anyIgnored = counted != rows.count;
        for (long from = 0; from < rows.count; from += chunkRows) {
            long n = Math.min(chunkRows, rows.count - from);
            try (PointerScope scope = new PointerScope()) {
                Tensor x = rows.hidden.narrow(0, from, n);
                Tensor target = rows.targets.narrow(0, from, n).view(n, 1);
                Tensor gradient = logProbability(x, head, bias);
                Tensor ignored = null;
                if (anyIgnored) {
                    ignored = target.eq(new Scalar(ignoreIndex));
                    target = target.masked_fill(ignored, new Scalar(0));
                }
                Tensor picked = gradient.gather(1, target);
                if (ignored != null) {
                    picked = picked.masked_fill(ignored, new Scalar(0));
                }
                sum.sub_(picked.sum());
                // The gradient of the loss in the logits is the probabilities, less one at the target.
                gradient.exp_()
                        .scatter_add_(1, target, torch.full(new long[] {n, 1}, new Scalar(-1.0), gradient.options()));
                gradient.mul_(new Scalar(1 / normalizer));
                if (ignored != null) {
                    gradient.masked_fill_(ignored, new Scalar(0));
                }
                gradients.add(from, n, x, head, gradient);
            }
        }
        return new Loss(sum.item_double(), counted);
    }

    private static void accumulate(Tensor parameter, @Nullable Tensor gradient) {
        if (gradient == null) {
            return;
        }
        Tensor present = parameter.grad();
        if (present.defined()) {
            present.detach().add_(gradient);
        } else {
            parameter.mutable_grad().put(gradient.to(parameter.scalar_type()));
        }
    }

    /** [N, C] rows and [N] targets of any leading shape. */
    private static final class Rows {
        final Tensor hidden;
        final Tensor targets;
        final long count;

        Rows(Tensor hidden, Tensor weight, Tensor targets) {
            long width = hidden.size(-1);
            count = hidden.numel() / Math.max(width, 1);
            if (weight.dim() != 2 || weight.size(1) != width || targets.numel() != count) {
                throw new IllegalArgumentException(
                        "crossEntropy: expected hidden [..., C], weight [V, C] and a target a row, got "
                                + LtTypes.shape(hidden) + ", " + LtTypes.shape(weight) + ", " + LtTypes.shape(targets));
            }
            this.hidden = hidden.detach().reshape(count, width);
            this.targets = targets.reshape(count).to(ScalarType.Long);
        }
    }

    private static final class Gradients {
        final Tensor hidden;
        final @Nullable Tensor weight;
        final @Nullable Tensor bias;

        private Gradients(Tensor hidden, @Nullable Tensor weight, @Nullable Tensor bias) {
            this.hidden = hidden;
            this.weight = weight;
            this.bias = bias;
        }

        static Gradients of(Rows rows, Tensor weight, @Nullable Tensor bias) {
            ScalarType wide =
                    weight.scalar_type().value == ScalarType.Double.value ? ScalarType.Double : ScalarType.Float;
            return new Gradients(
                    torch.empty_like(rows.hidden),
                    weight.requires_grad() ? torch.zeros_like(weight.detach()).to(wide) : null,
                    bias != null && bias.requires_grad()
                            ? torch.zeros_like(bias.detach()).to(wide)
                            : null);
        }

        void add(long from, long n, Tensor x, Tensor head, Tensor logits) {
            Tensor low = logits.to(head.scalar_type());
            hidden.narrow(0, from, n).copy_(low.mm(head));
            if (weight != null) {
                weight.add_(low.t().mm(x));
            }
            if (bias != null) {
                bias.add_(logits.sum(0));
            }
        }
    }
}
