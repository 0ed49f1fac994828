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
    private static final long GROUP_BYTES = 16L << 20;

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
     * @param weight [V, C]
     * @param bias [V] or null
     * @param targets class numbers, int64 or int32, of the leading shape of {@code hidden}
     * @return in nats
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

    private static Tensor logits(Tensor rows, Tensor head, @Nullable Tensor bias) {
        return Float32Linear.apply(rows, head, bias);
    }

    private static ScalarType wide(Tensor like) {
        return like.scalar_type().value == ScalarType.Double.value ? ScalarType.Double : ScalarType.Float;
    }

    private static Tensor logProbability(Tensor rows, Tensor head, @Nullable Tensor bias) {
        Tensor logits = logits(rows, head, bias);
        return torch.log_softmax(logits, -1, new ScalarTypeOptional(wide(logits)));
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

    /**
     * Rows in groups whose gradients in the logits fill a bounded buffer of the model's type: one large product a group instead of a
     * small one a chunk, and one rounding of the weight's gradient. Within a group, chunks small enough for the caches.
     */
    private Loss chunks(Rows rows, Tensor head, @Nullable Tensor bias, double normalizer, Gradients gradients) {
        Tensor sum = torch.zeros(new long[0], rows.hidden.options().dtype(new ScalarTypeOptional(ScalarType.Double)));
        long counted = rows.targets.ne(new Scalar(ignoreIndex)).sum().item_long();
        boolean anyIgnored = counted != rows.count;
        long classes = head.size(0);
        long group = Math.max(chunkRows, GROUP_BYTES / (classes * head.element_size()) / chunkRows * chunkRows);
        for (long start = 0; start < rows.count; start += group) {
            long size = Math.min(group, rows.count - start);
            try (PointerScope scope = new PointerScope()) {
                Tensor logitGradient = torch.empty(new long[] {size, classes}, head.options(), Absent.FORMAT);
                for (long from = 0; from < size; from += chunkRows) {
                    long n = Math.min(chunkRows, size - from);
                    try (PointerScope inner = new PointerScope()) {
                        Tensor target = rows.targets.narrow(0, start + from, n).view(n, 1);
                        Tensor x = rows.hidden.narrow(0, start + from, n);
                        chunk(x, target, head, bias, anyIgnored, sum, logitGradient.narrow(0, from, n));
                    }
                }
                gradients.add(start, size, rows.hidden.narrow(0, start, size), head, logitGradient);
            }
        }
        gradients.scale(1 / normalizer);
        return new Loss(sum.item_double(), counted);
    }

    /** Adds the losses of some rows to {@code sum} and writes the probabilities, less one at the target, into {@code gradient}. */
    private void chunk(
            Tensor x,
            Tensor target,
            Tensor head,
            @Nullable Tensor bias,
            boolean anyIgnored,
            Tensor sum,
            Tensor gradient) {
        Tensor logits = logits(x, head, bias);
        Tensor probability = torch.softmax(logits, -1, new ScalarTypeOptional(wide(logits)));
        Tensor ignored = anyIgnored ? target.eq(new Scalar(ignoreIndex)) : null;
        Tensor index = ignored == null ? target : target.masked_fill(ignored, new Scalar(0));
        Tensor loss = probability.gather(1, index).log().neg();
        if (ignored != null) {
            loss = loss.masked_fill(ignored, new Scalar(0));
        }
        double total = loss.sum().item_double();
        if (Double.isFinite(total)) {
            sum.add_(new Scalar(total));
        } else {
            // A probability below the smallest float: the logarithm of the softmax does not underflow.
            Tensor exact = torch.log_softmax(logits, -1, new ScalarTypeOptional(wide(logits)))
                    .gather(1, index)
                    .neg();
            sum.add_(
                    ignored == null
                            ? exact.sum()
                            : exact.masked_fill(ignored, new Scalar(0)).sum());
        }
        probability.scatter_add_(
                1, index, torch.full(new long[] {target.size(0), 1}, new Scalar(-1.0), probability.options()));
        if (ignored != null) {
            probability.masked_fill_(ignored, new Scalar(0));
        }
        gradient.copy_(probability);
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
            return new Gradients(
                    torch.empty_like(rows.hidden),
                    weight.requires_grad() ? torch.zeros_like(weight.detach()).to(wide(weight)) : null,
                    bias != null && bias.requires_grad()
                            ? torch.zeros_like(bias.detach()).to(wide(weight))
                            : null);
        }

        void add(long from, long n, Tensor x, Tensor head, Tensor logitGradient) {
            hidden.narrow(0, from, n).copy_(Float32Linear.inputGradient(logitGradient, head));
            if (weight != null) {
                weight.add_(Float32Linear.weightGradient(logitGradient, x, head));
            }
            if (bias != null) {
                bias.add_(logitGradient.sum(new long[] {0}, false, new ScalarTypeOptional(wide(logitGradient))));
            }
        }

        void scale(double factor) {
            for (Tensor gradient : new @Nullable Tensor[] {hidden, weight, bias}) {
                if (gradient != null) {
                    gradient.mul_(new Scalar(factor));
                }
            }
        }
    }
}
