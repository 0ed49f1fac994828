package dev.athanor.lm.host;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.athanor.libtorch.host.Workers;
import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.KeyValueCache;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.LayerAttention.Positions;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.NormPlacement;
import dev.athanor.lm.model.ModelConfig.Stack;
import dev.athanor.lm.model.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A decoder's step for one new position a sequence, on the CPU: kernels in Java read the weights and the caches where they lie, on all
 * cores, and nothing is called in between. Values are kept in float32 between the products. The twin is {@link Transformer#forward}
 * over the same cache.
 *
 * <p>Needs the module {@code jdk.incubator.vector} ({@code --add-modules jdk.incubator.vector}).
 */
public final class HostDecoder {

    private final ModelConfig config;
    private final Map<String, NDArray> weights;
    private final Workers workers = Workers.awake();
    private final Matrix tokens;
    private final @Nullable Matrix positions;
    private final float @Nullable [] segment;
    private final @Nullable Scale embeddingNorm;
    private final List<Layer> layers = new ArrayList<>();
    private final @Nullable Scale norm;
    private final HostLinear output;
    private Scratch scratch;

    /**
     * A sequence and its newest token.
     *
     * @param cache holds the positions before the token
     * @param place the sequence's row in the cache
     */
    public record Row(int token, KeyValueCache cache, int place) {}

    private record Scale(float[] weight, float @Nullable [] bias) {}

    private record Layer(
            Scale attentionNorm,
            HostLinear qkv,
            HostAttention attention,
            HostLinear out,
            Scale feedForwardNorm,
            @Nullable HostLinear router,
            List<HostFeedForward> parts) {}

    /** What a step of so many rows works in, row-major. */
    private final class Scratch {
        final int rows;
        final float[] x;
        final float[] normed;
        final float[] factors;
        final float[] qkv;
        final float[] attended;
        final float[] hidden;
        final float[] wide;
        final float[] y;

        Scratch(int rows) {
            this.rows = rows;
            int width = config.width();
            int F = config.feedForwardWidth();
            x = new float[rows * width];
            normed = new float[rows * width];
            factors = new float[rows * width];
            qkv = new float[rows * (width + 2 * config.keyValueHeads() * config.headWidth())];
            attended = new float[rows * width];
            hidden = new float[rows * 2 * F];
            wide = new float[rows * F];
            y = new float[rows * width];
        }
    }

    private HostDecoder(Transformer transformer) {
        config = transformer.config();
        weights = transformer.weights();
        tokens = matrix("tokens.weight");
        positions = config.positions() == ModelConfig.Positions.LEARNED ? matrix("positions.weight") : null;
        segment = config.segments() > 0 ? matrix("segments.weight").row(0) : null;
        boolean post = config.normPlacement() == NormPlacement.POST;
        embeddingNorm = post ? scale("embedding_norm") : null;
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer(i));
        }
        norm = post ? null : scale("norm");
        output = new HostLinear(config.tiedEmbeddings() ? tokens : matrix("output.weight"), null);
        scratch = new Scratch(1);
    }

    /** The step of a model, as its weights are now; empty where it cannot be had: not on the CPU, or not for this model. */
    public static Optional<HostDecoder> of(Transformer transformer) {
        ModelConfig config = transformer.config();
        DataType type = transformer.heads().output_VC().getDataType();
        boolean able = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && !transformer.heads().output_VC().getDevice().isGpu()
                && (type == DataType.FLOAT32 || type == DataType.BFLOAT16)
                && transformer.plain()
                && config.stack() == Stack.DECODER
                && !config.maskedHead()
                && !config.has(Positions.DISENTANGLED);
        return able ? Optional.of(new HostDecoder(transformer)) : Optional.empty();
    }

    private Layer layer(int i) {
        String name = "layers." + config.weightsOf(i) + ".";
        LayerAttention attention = config.attention(i);
        Experts experts = config.experts();
        List<HostFeedForward> parts = new ArrayList<>();
        for (int e = 0; experts != null && e < experts.count(); e++) {
            parts.add(feedForward(name + "feedforward.experts." + e + "."));
        }
        if (experts == null) {
            parts.add(feedForward(name + "feedforward."));
        }
        Matrix relative =
                attention.positions() == Positions.RELATIVE ? matrix(name + "attention.relative.weight") : null;
        return new Layer(
                scale(name + "attention_norm"),
                linear(name + "attention.qkv"),
                new HostAttention(config, attention, relative),
                linear(name + "attention.out"),
                scale(name + "feedforward_norm"),
                experts == null ? null : new HostLinear(matrix(name + "feedforward.router.weight"), null),
                List.copyOf(parts));
    }

    private HostFeedForward feedForward(String name) {
        return new HostFeedForward(
                config.feedForward(), linear(name + "in"), linear(name + "out"), config.feedForwardWidth());
    }

    private NDArray weight(String name) {
        NDArray weight = weights.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("the weights lack '" + name + "'");
        }
        return weight;
    }

    private Matrix matrix(String name) {
        return Matrix.of(weight(name));
    }

    private float @Nullable [] vector(String name) {
        NDArray vector = weights.get(name);
        return vector == null ? null : Matrix.of(vector).row(0);
    }

    private HostLinear linear(String name) {
        return new HostLinear(matrix(name + ".weight"), vector(name + ".bias"));
    }

    private Scale scale(String name) {
        return new Scale(matrix(name + ".weight").row(0), vector(name + ".bias"));
    }

    /**
     * Puts each row's token behind the positions in its cache and computes the logits of what follows. The caches have the new
     * position afterwards, but are not {@linkplain KeyValueCache#advance advanced}, for several rows may share one.
     *
     * @return V logits a row
     */
    public float[][] logits(List<Row> rows) {
        int B = rows.size();
        int C = config.width();
        if (scratch.rows != B) {
            scratch = new Scratch(B);
        }
        Scratch s = scratch;
        rows.forEach(row -> row.cache().reserve(row.cache().length() + 1));
        for (int b = 0; b < B; b++) {
            embed(rows.get(b), s.x, b * C);
        }
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            int number = i;
            step(layer.attentionNorm, s, B, () -> attend(number, layer, rows, s));
            step(layer.feedForwardNorm, s, B, () -> feed(layer, s, B));
        }
        var logits_BV = new float[B * tokens.rows()];
        factors(norm, s.x, s, B);
        output.apply(workers, s.factors, B, logits_BV);
        int V = tokens.rows();
        float[][] logits = new float[B][];
        Arrays.setAll(logits, b -> B == 1 ? logits_BV : Arrays.copyOfRange(logits_BV, b * V, (b + 1) * V));
        return logits;
    }

    private void embed(Row row, float[] x, int at) {
        int t = row.cache().length();
        for (int c = 0; c < config.width(); c++) {
            float value = tokens.get(row.token(), c);
            if (positions != null) {
                value += positions.get(t, c);
            } else if (config.positions() == ModelConfig.Positions.SINUSOIDAL) {
                value += Transformer.sinusoid(config, t, c);
            }
            x[at + c] = segment == null ? value : value + segment[c];
        }
        if (embeddingNorm != null) {
            normalize(embeddingNorm, x, at, x);
        }
    }

    /** Adds a part's result {@code s.y} of the {@code s.factors} to the residual stream, with the norm before or after. */
    private void step(Scale scale, Scratch s, int B, Runnable part) {
        boolean post = config.normPlacement() == NormPlacement.POST;
        factors(post ? null : scale, s.x, s, B);
        part.run();
        for (int i = 0; i < s.x.length; i++) {
            s.x[i] += s.y[i];
        }
        for (int b = 0; post && b < B; b++) {
            normalize(scale, s.x, b * config.width(), s.x);
        }
    }

    private void normalize(Scale scale, float[] x, int at, float[] to) {
        Functions.norm(config.norm(), x, at, config.width(), scale.weight, scale.bias, config.normEpsilon(), to, at);
    }

    /** Normalizes rows, if so told, and arranges them for the next product. */
    private void factors(@Nullable Scale scale, float[] from, Scratch s, int B) {
        int C = config.width();
        workers.run(B, b -> {
            float[] source = from;
            if (scale != null) {
                normalize(scale, from, b * C, s.normed);
                source = s.normed;
            }
            output.arrange(source, b * C, C, s.factors, b * C);
        });
    }

    private void attend(int i, Layer layer, List<Row> rows, Scratch s) {
        int B = rows.size();
        int C = config.width();
        int D = config.headWidth();
        int H = config.heads();
        int E = layer.qkv.weight().rows();
        boolean half = tokens.half();
        layer.qkv.apply(workers, s.factors, B, s.qkv);
        for (int b = 0; b < B; b++) {
            Row row = rows.get(b);
            int t = row.cache().length();
            layer.attention.rotate(s.qkv, b * E, H + config.keyValueHeads(), t);
            layer.attention.store(row.cache().memory(i), half, row.place(), t, s.qkv, b * E + C);
        }
        workers.run(B * H, task -> {
            int b = task / H;
            int h = task % H;
            Row row = rows.get(b);
            layer.attention.head(
                    row.cache().memory(i),
                    half,
                    row.place(),
                    row.cache().length(),
                    h,
                    s.qkv,
                    b * E + h * D,
                    s.attended,
                    b * C + h * D);
        });
        factors(null, s.attended, s, B);
        layer.out.apply(workers, s.factors, B, s.y);
    }

    private void feed(Layer layer, Scratch s, int B) {
        Experts experts = config.experts();
        if (experts == null || layer.router == null) {
            layer.parts.getFirst().apply(workers, s.factors, B, s.hidden, s.wide, s.y);
            return;
        }
        int C = config.width();
        var p = new float[experts.count()];
        for (int b = 0; b < B; b++) {
            float[] factors = Arrays.copyOfRange(s.factors, b * C, (b + 1) * C);
            layer.router.apply(workers, factors, 1, p);
            Functions.softmax(p, 0, p.length);
            mix(layer.parts, experts.perToken(), p, factors, s, b * C);
        }
    }

    /** The most probable experts' outputs, weighted by their probability: as it is for one, else by its share. */
    private void mix(List<HostFeedForward> parts, int chosen, float[] p, float[] factors, Scratch s, int at) {
        int C = config.width();
        List<Integer> order = new ArrayList<>();
        for (int e = 0; e < p.length; e++) {
            order.add(e);
        }
        order.sort((a, b) -> Float.compare(p[b], p[a]));
        float sum = 0;
        for (int e : order.subList(0, chosen)) {
            sum += p[e];
        }
        Arrays.fill(s.y, at, at + C, 0);
        var part = new float[C];
        for (int e : order.subList(0, chosen)) {
            parts.get(e).apply(workers, factors, 1, s.hidden, s.wide, part);
            float gate = chosen == 1 ? p[e] : p[e] / sum;
            for (int c = 0; c < C; c++) {
                s.y[at + c] += gate * part[c];
            }
        }
    }
}
