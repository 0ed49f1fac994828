package dev.athanor.benchmarks.engine;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The twin of {@link EngineDecoder}: the same arithmetic with the same settings straight on libtorch's Java mapping, with one
 * pointer scope a step and nothing between. It is the limit that the engine is measured against.
 */
final class LibtorchDecoder implements TrainingStep {
    private final DecoderShape shape;
    private final boolean low;
    private final boolean cuda;
    private final boolean oneDnn;
    private final Device device;
    private final List<Parameter> parameters = new ArrayList<>();
    private final Tensor causal;
    private final OperatorHandle adamw = operator("aten::_fused_adamw_", "");
    private final OperatorHandle norms = operator("aten::_foreach_norm", "Scalar");
    private final OperatorHandle multiply = operator("aten::_foreach_mul_", "Scalar");
    private final OperatorHandle add = operator("aten::_foreach_add_", "Scalar");
    private final OperatorHandle copy = operator("aten::_foreach_copy_", "");

    private static final class Parameter {
        final Tensor live;
        final Tensor master;
        final Tensor first;
        final Tensor second;
        final Tensor count;
        final boolean decayed;
        Tensor gradient;

        Parameter(Tensor initial, boolean decayed, boolean low) {
            this.decayed = decayed;
            live = keep(low ? initial.to(ScalarType.BFloat16) : initial);
            master = low ? keep(live.to(ScalarType.Float)) : live;
            first = keep(torch.zeros_like(master));
            second = keep(torch.zeros_like(master));
            count = keep(torch.zeros(new long[0], master.options()));
            gradient = live;
            live.requires_grad_(true);
        }
    }

    LibtorchDecoder(DecoderShape shape, boolean low, boolean cuda) {
        this.shape = shape;
        this.low = low;
        this.cuda = cuda;
        // As the engine does: oneDNN is wrong for widths that are no multiples of 64.
        this.oneDnn =
                !low && !cuda && torch.get_num_threads() > 1 && shape.width() % 64 == 0 && shape.vocabulary() % 64 == 0;
        this.device = keep(new Device(cuda ? torch.DeviceType.CUDA : torch.DeviceType.CPU));
        try (PointerScope scope = new PointerScope()) {
            torch.manual_seed(1337);
            int c = shape.width();
            double narrow = 0.02 / Math.sqrt(2.0 * shape.layers());
            normal(0.02, shape.vocabulary(), c);
            normal(0.02, shape.time(), c);
            for (int i = 0; i < shape.layers(); i++) {
                constant(1, c);
                constant(0, c);
                normal(0.02, 3L * c, c);
                constant(0, 3L * c);
                normal(narrow, c, c);
                constant(0, c);
                constant(1, c);
                constant(0, c);
                normal(0.02, 4L * c, c);
                constant(0, 4L * c);
                normal(narrow, c, 4L * c);
                constant(0, c);
            }
            constant(1, c);
            constant(0, c);
            long t = shape.time();
            TensorOptions type = options(low ? ScalarType.BFloat16 : ScalarType.Float);
            causal = keep(torch.zeros(new long[] {t, t}, type)
                    .masked_fill(torch.ones(new long[] {t, t}, type).tril().eq(new Scalar(0)), new Scalar(-1e30)));
        }
    }

    private static <P extends Pointer> P keep(P pointer) {
        pointer.retainReference();
        return pointer;
    }

    private static OperatorHandle operator(String name, String overload) {
        return keep(new OperatorHandle(Dispatcher.singleton().findSchemaOrThrow(name, overload)));
    }

    private TensorOptions options(ScalarType type) {
        return new TensorOptions(type).device(new DeviceOptional(device));
    }

    private void normal(double deviation, long rows, long columns) {
        Tensor initial = torch.empty(new long[] {rows, columns}, options(ScalarType.Float), new MemoryFormatOptional())
                .normal_(0, deviation, new org.bytedeco.pytorch.GeneratorOptional());
        parameters.add(new Parameter(initial, true, low));
    }

    private void constant(double value, long size) {
        parameters.add(
                new Parameter(torch.full(new long[] {size}, new Scalar(value), options(ScalarType.Float)), false, low));
    }

    private static TensorOptional some(Tensor tensor) {
        return new TensorOptional(tensor);
    }

    @Override
    public double run(long number) {
        long[][] rows = shape.sample(number);
        try (PointerScope scope = new PointerScope()) {
            GradMode.set_enabled(true);
            long b = shape.batch();
            long t = shape.time();
            long c = shape.width();
            long[] width = {c};
            Tensor x = torch.embedding(live(0), integers(shape.inputs(rows))).add(live(1));
            for (int i = 0; i < shape.layers(); i++) {
                int at = 2 + 12 * i;
                Tensor h = torch.layer_norm(x, width, some(live(at)), some(live(at + 1)), 1e-5, true);
                Tensor qkv = linear(h, live(at + 2), live(at + 3));
                TensorVector parts = qkv.split(c, -1);
                Tensor mixed = attention(heads(parts.get(0)), heads(parts.get(1)), heads(parts.get(2)));
                Tensor merged = mixed.transpose(1, 2).reshape(b, t, c);
                x = x.add(linear(merged, live(at + 4), live(at + 5)));
                h = torch.layer_norm(x, width, some(live(at + 6)), some(live(at + 7)), 1e-5, true);
                Tensor up = torch.gelu(linear(h, live(at + 8), live(at + 9)), "none");
                x = x.add(linear(up, live(at + 10), live(at + 11)));
            }
            int last = parameters.size() - 2;
            x = torch.layer_norm(x, width, some(live(last)), some(live(last + 1)), 1e-5, true);
            double loss = lossAndBackward(x, integers(shape.targets(rows)));
            update();
            return loss;
        }
    }

    private Tensor live(int index) {
        return parameters.get(index).live;
    }

    private Tensor integers(long[] values) {
        Tensor host = Tensor.create(values, shape.batch(), shape.time());
        return cuda ? host.to(device, ScalarType.Long) : host;
    }

    private Tensor heads(Tensor part) {
        return part.view(shape.batch(), shape.time(), shape.heads(), shape.width() / shape.heads())
                .transpose(1, 2);
    }

    /** [B, T, in] to [B, T, out]; in float32 on a CPU by oneDNN, as the engine does it. */
    private Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        if (!oneDnn) {
            return torch.linear(x, weight, some(bias));
        }
        return torch.mkldnn_linear(x.reshape(shape.tokens(), x.size(-1)).to_mkldnn(), weight, some(bias))
                .to_dense()
                .view(shape.batch(), shape.time(), weight.size(0));
    }

    private Tensor attention(Tensor q, Tensor k, Tensor v) {
        long b = shape.batch();
        long h = shape.heads();
        long t = shape.time();
        long d = shape.width() / h;
        double scale = 1 / Math.sqrt(d);
        if (!low || cuda) {
            return torch.scaled_dot_product_attention(
                    q, k, v, new TensorOptional(), 0.0, true, new DoubleOptional(scale), false);
        }
        Tensor scores = torch.baddbmm(
                causal,
                q.reshape(b * h, t, d),
                k.reshape(b * h, t, d).transpose(1, 2),
                new Scalar(1.0),
                new Scalar(scale));
        return torch.softmax(scores, -1).bmm(v.reshape(b * h, t, d)).view(b, h, t, d);
    }

    private double lossAndBackward(Tensor x, Tensor targets) {
        long n = shape.tokens();
        long chunk = cuda ? 4096 : 512;
        Tensor rows = x.detach().view(n, shape.width());
        Tensor flat = targets.view(n);
        Tensor head = live(0).detach();
        Tensor dx = torch.empty_like(rows);
        Tensor dw = torch.zeros_like(head).to(ScalarType.Float);
        GradMode.set_enabled(false);
        double sum = 0;
        long group = Math.max(chunk, (16L << 20) / (shape.vocabulary() * head.element_size()) / chunk * chunk);
        for (long start = 0; start < n; start += group) {
            long size = Math.min(group, n - start);
            try (PointerScope scope = new PointerScope()) {
                Tensor gradient =
                        torch.empty(new long[] {size, shape.vocabulary()}, head.options(), new MemoryFormatOptional());
                for (long from = 0; from < size; from += chunk) {
                    long m = Math.min(chunk, size - from);
                    try (PointerScope inner = new PointerScope()) {
                        Tensor target = flat.narrow(0, start + from, m).view(m, 1);
                        Tensor x_MC = rows.narrow(0, start + from, m);
                        Tensor logits = oneDnn
                                ? torch.mkldnn_linear(x_MC.to_mkldnn(), head).to_dense()
                                : torch.linear(x_MC, head);
                        Tensor p = torch.softmax(logits, -1, new ScalarTypeOptional(ScalarType.Float));
                        sum += p.gather(1, target).log().neg().sum().item_double();
                        p.scatter_add_(1, target, torch.full(new long[] {m, 1}, new Scalar(-1.0), p.options()));
                        gradient.narrow(0, from, m).copy_(p);
                    }
                }
                Tensor x_NC = rows.narrow(0, start, size);
                long[] shape_NC = {size, shape.width()};
                dx.narrow(0, start, size)
                        .copy_(
                                oneDnn
                                        ? torch.mkldnn_linear_backward_input(shape_NC, gradient.to_mkldnn(), head)
                                                .to_dense()
                                        : gradient.mm(head));
                dw.add_(
                        oneDnn
                                ? torch.mkldnn_linear_backward_weights(
                                                gradient.to_mkldnn(), x_NC.to_mkldnn(), head, false)
                                        .get0()
                                : gradient.t().mm(x_NC));
            }
        }
        dx.mul_(new Scalar(1.0 / n));
        dw.mul_(new Scalar(1.0 / n));
        GradMode.set_enabled(true);
        x.backward(
                dx.view(shape.batch(), shape.time(), shape.width()),
                new BoolOptional(false),
                false,
                new TensorArrayRefOptional());
        GradMode.set_enabled(false);
        live(0).grad().detach().add_(dw);
        return sum / n;
    }

    private void update() {
        TensorVector all = new TensorVector();
        for (Parameter parameter : parameters) {
            Tensor gradient = parameter.live.grad();
            parameter.gradient = low ? gradient.detach().to(ScalarType.Float) : gradient;
            if (low) {
                parameter.live.mutable_grad().reset();
            }
            all.push_back(parameter.gradient);
        }
        Tensor norm = torch.stack(call(norms, list(all), new IValue(new Scalar(2.0)), new IValue())
                        .get(0)
                        .toTensorVector())
                .norm(new Scalar(2));
        double factor = 1 / (norm.item_double() + 1e-6);
        if (factor < 1) {
            call(multiply, list(all), new IValue(new Scalar(factor)));
        }
        for (boolean decayed : new boolean[] {true, false}) {
            TensorVector masters = new TensorVector();
            TensorVector lives = new TensorVector();
            TensorVector gradients = new TensorVector();
            TensorVector first = new TensorVector();
            TensorVector second = new TensorVector();
            TensorVector counts = new TensorVector();
            for (Parameter parameter : parameters) {
                if (parameter.decayed == decayed) {
                    masters.push_back(parameter.master.detach());
                    lives.push_back(parameter.live.detach());
                    gradients.push_back(parameter.gradient);
                    first.push_back(parameter.first);
                    second.push_back(parameter.second);
                    counts.push_back(parameter.count);
                }
            }
            call(add, list(counts), new IValue(new Scalar(1.0)));
            call(
                    adamw,
                    list(masters),
                    list(gradients),
                    list(first),
                    list(second),
                    list(new TensorVector()),
                    list(counts),
                    new IValue(1e-3),
                    new IValue(0.9),
                    new IValue(0.99),
                    new IValue(decayed ? 0.1 : 0.0),
                    new IValue(1e-8),
                    new IValue(false),
                    new IValue(false),
                    new IValue(),
                    new IValue());
            if (low) {
                call(copy, list(lives), list(masters), new IValue(false));
            }
        }
        for (Parameter parameter : parameters) {
            parameter.live.mutable_grad().reset();
        }
    }

    private static IValue list(TensorVector tensors) {
        return new IValue(new GenericList((Pointer) new TensorList(tensors)));
    }

    private static IValueVector call(OperatorHandle operator, IValue... arguments) {
        IValueVector stack = new IValueVector(arguments);
        operator.callBoxed(stack);
        return stack;
    }

    @Override
    public void close() {
        for (Parameter p : parameters) {
            for (Tensor tensor : new Tensor[] {p.live, p.first, p.second, p.count}) {
                tensor.releaseReference();
            }
            if (p.master != p.live) {
                p.master.releaseReference();
            }
        }
    }
}
