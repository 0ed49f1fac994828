package dev.athanor.lm.format;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Forward passes of the three families by their published definitions, in plain Java and float64, straight from the tensors of a
 * file under their Hugging Face names: independent of the library's own names, layouts and arithmetic.
 */
final class PlainFamilies {

    private final Map<String, double[]> values;
    private final Map<String, long[]> shapes;

    PlainFamilies(Map<String, double[]> values, Map<String, long[]> shapes) {
        this.values = values;
        this.shapes = shapes;
    }

    PlainFamilies(Path file) throws IOException {
        this(new HashMap<>(), new HashMap<>());
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            tensors.tensors().forEach((name, tensor) -> {
                var floats = new double[(int) tensor.elements()];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = tensor.bytes()
                            .asByteBuffer()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getFloat(4 * i);
                }
                values.put(name, floats);
                shapes.put(
                        name, tensor.shape().stream().mapToLong(Long::longValue).toArray());
            });
        }
    }

    /** Logits [T][V] of GPT2LMHeadModel. */
    double[][] gpt2(int[] ids, int layers, int heads, double epsilon) {
        return gpt2(ids, layers, heads, epsilon, "transformer.wte.weight");
    }

    double[][] gpt2(int[] ids, int layers, int heads, double epsilon, String head) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = sum(row("transformer.wte.weight", ids[t]), row("transformer.wpe.weight", t));
        }
        for (int l = 0; l < layers; l++) {
            String h = "transformer.h." + l + ".";
            double[][] qkv = conv1d(layerNorm(x, h + "ln_1", epsilon), h + "attn.c_attn");
            int C = x[0].length;
            double[][] y =
                    attention(slice(qkv, 0, C), slice(qkv, C, C), slice(qkv, 2 * C, C), heads, heads, ids.length, true);
            x = sum(x, conv1d(y, h + "attn.c_proj"));
            double[][] f = conv1d(layerNorm(x, h + "ln_2", epsilon), h + "mlp.c_fc");
            map(f, v -> 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))));
            x = sum(x, conv1d(f, h + "mlp.c_proj"));
        }
        return linear(layerNorm(x, "transformer.ln_f", epsilon), head, null);
    }

    /** Logits [T][V] of LlamaForCausalLM. */
    double[][] llama(
            int[] ids, int layers, int heads, int keyValueHeads, double epsilon, double[] frequencies, String head) {
        return mistral(ids, layers, heads, keyValueHeads, epsilon, frequencies, ids.length, head);
    }

    /** Logits [T][V] of MistralForCausalLM: a position sees itself and the window - 1 before it. */
    double[][] mistral(
            int[] ids,
            int layers,
            int heads,
            int keyValueHeads,
            double epsilon,
            double[] frequencies,
            int window,
            String head) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = row("model.embed_tokens.weight", ids[t]);
        }
        for (int l = 0; l < layers; l++) {
            String p = "model.layers." + l + ".";
            double[][] n = rmsNorm(x, p + "input_layernorm.weight", epsilon);
            double[][] q = rotate(linear(n, p + "self_attn.q_proj.weight", null), heads, frequencies);
            double[][] k = rotate(linear(n, p + "self_attn.k_proj.weight", null), keyValueHeads, frequencies);
            double[][] v = linear(n, p + "self_attn.v_proj.weight", null);
            double[][] y = attention(q, k, v, heads, keyValueHeads, window, true);
            x = sum(x, linear(y, p + "self_attn.o_proj.weight", null));
            n = rmsNorm(x, p + "post_attention_layernorm.weight", epsilon);
            double[][] gate = linear(n, p + "mlp.gate_proj.weight", null);
            double[][] up = linear(n, p + "mlp.up_proj.weight", null);
            for (int t = 0; t < gate.length; t++) {
                for (int i = 0; i < gate[t].length; i++) {
                    gate[t][i] = gate[t][i] / (1 + Math.exp(-gate[t][i])) * up[t][i];
                }
            }
            x = sum(x, linear(gate, p + "mlp.down_proj.weight", null));
        }
        return linear(rmsNorm(x, "model.norm.weight", epsilon), head, null);
    }

    /** Prediction logits [T][V] of BertForPreTraining. */
    double[][] bert(int[] ids, int[] segments, int layers, int heads, double epsilon) {
        return bertMasked(
                bertHidden(ids, segments, layers, heads, epsilon), "bert.embeddings.word_embeddings.weight", epsilon);
    }

    /** Last hidden states [T][C] of BertModel. */
    double[][] bertHidden(int[] ids, int[] segments, int layers, int heads, double epsilon) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = sum(
                    sum(
                            row("bert.embeddings.word_embeddings.weight", ids[t]),
                            row("bert.embeddings.position_embeddings.weight", t)),
                    row("bert.embeddings.token_type_embeddings.weight", segments[t]));
        }
        x = layerNorm(x, "bert.embeddings.LayerNorm", epsilon);
        for (int l = 0; l < layers; l++) {
            String p = "bert.encoder.layer." + l + ".";
            double[][] q = linear(x, p + "attention.self.query.weight", p + "attention.self.query.bias");
            double[][] k = linear(x, p + "attention.self.key.weight", p + "attention.self.key.bias");
            double[][] v = linear(x, p + "attention.self.value.weight", p + "attention.self.value.bias");
            double[][] y = attention(q, k, v, heads, heads, ids.length, false);
            y = linear(y, p + "attention.output.dense.weight", p + "attention.output.dense.bias");
            x = layerNorm(sum(x, y), p + "attention.output.LayerNorm", epsilon);
            double[][] f = linear(x, p + "intermediate.dense.weight", p + "intermediate.dense.bias");
            map(f, PlainFamilies::gelu);
            f = linear(f, p + "output.dense.weight", p + "output.dense.bias");
            x = layerNorm(sum(x, f), p + "output.LayerNorm", epsilon);
        }
        return x;
    }

    /** Logits [T][V] of BertForMaskedLM's head. */
    double[][] bertMasked(double[][] x, String decoder, double epsilon) {
        double[][] h = linear(x, "cls.predictions.transform.dense.weight", "cls.predictions.transform.dense.bias");
        map(h, PlainFamilies::gelu);
        h = layerNorm(h, "cls.predictions.transform.LayerNorm", epsilon);
        return linear(h, decoder, "cls.predictions.bias");
    }

    /** Logits of BertForPreTraining's second head, from the last hidden state of the first position. */
    double[] bertNextSentence(double[] first) {
        double[][] pooled = linear(new double[][] {first}, "bert.pooler.dense.weight", "bert.pooler.dense.bias");
        map(pooled, Math::tanh);
        return linear(pooled, "cls.seq_relationship.weight", "cls.seq_relationship.bias")[0];
    }

    private static double[][] attention(
            double[][] q, double[][] k, double[][] v, int heads, int keyValueHeads, int window, boolean causal) {
        int T = q.length;
        int D = q[0].length / heads;
        double[][] y = new double[T][heads * D];
        for (int h = 0; h < heads; h++) {
            int g = h * keyValueHeads / heads;
            for (int t = 0; t < T; t++) {
                int seen = causal ? t + 1 : T;
                double[] p = new double[seen];
                double sum = 0;
                for (int s = Math.max(0, t + 1 - window) * (causal ? 1 : 0); s < seen; s++) {
                    double score = 0;
                    for (int d = 0; d < D; d++) {
                        score += q[t][h * D + d] * k[s][g * D + d];
                    }
                    p[s] = Math.exp(score / Math.sqrt(D));
                    sum += p[s];
                }
                for (int s = 0; s < seen; s++) {
                    for (int d = 0; d < D; d++) {
                        y[t][h * D + d] += p[s] / sum * v[s][g * D + d];
                    }
                }
            }
        }
        return y;
    }

    /** (a, b) at place i of the two halves becomes (a cos − b sin, b cos + a sin). */
    private static double[][] rotate(double[][] x, int heads, double[] frequencies) {
        int D = x[0].length / heads;
        double[][] y = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < D / 2; i++) {
                    double a = x[t][h * D + i];
                    double b = x[t][h * D + D / 2 + i];
                    double angle = t * frequencies[i];
                    y[t][h * D + i] = a * Math.cos(angle) - b * Math.sin(angle);
                    y[t][h * D + D / 2 + i] = b * Math.cos(angle) + a * Math.sin(angle);
                }
            }
        }
        return y;
    }

    private double[][] layerNorm(double[][] x, String name, double epsilon) {
        double[] w = values.get(name + ".weight");
        double[] b = values.get(name + ".bias");
        double[][] y = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            double mean = 0;
            double square = 0;
            for (double v : x[t]) {
                mean += v / x[t].length;
            }
            for (double v : x[t]) {
                square += (v - mean) * (v - mean) / x[t].length;
            }
            for (int c = 0; c < w.length; c++) {
                y[t][c] = (x[t][c] - mean) / Math.sqrt(square + epsilon) * w[c] + b[c];
            }
        }
        return y;
    }

    private double[][] rmsNorm(double[][] x, String name, double epsilon) {
        double[] w = values.get(name);
        double[][] y = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            double square = 0;
            for (double v : x[t]) {
                square += v * v / x[t].length;
            }
            for (int c = 0; c < w.length; c++) {
                y[t][c] = x[t][c] / Math.sqrt(square + epsilon) * w[c];
            }
        }
        return y;
    }

    /** weight [out, in]. */
    private double[][] linear(double[][] x, String weight, String bias) {
        int out = (int) shapes.get(weight)[0];
        return product(x, weight, bias, out, true);
    }

    /** weight [in, out]. */
    private double[][] conv1d(double[][] x, String name) {
        int out = (int) shapes.get(name + ".weight")[1];
        return product(x, name + ".weight", name + ".bias", out, false);
    }

    private double[][] product(double[][] x, String weight, String bias, int out, boolean rowsAreOutputs) {
        double[] w = values.get(weight);
        int in = x[0].length;
        double[][] y = new double[x.length][out];
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < out; o++) {
                double sum = bias == null ? 0 : values.get(bias)[o];
                for (int i = 0; i < in; i++) {
                    sum += x[t][i] * w[rowsAreOutputs ? o * in + i : i * out + o];
                }
                y[t][o] = sum;
            }
        }
        return y;
    }

    private double[] row(String name, int row) {
        int width = (int) shapes.get(name)[1];
        return java.util.Arrays.copyOfRange(values.get(name), row * width, (row + 1) * width);
    }

    private static double[][] slice(double[][] x, int from, int width) {
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            y[t] = java.util.Arrays.copyOfRange(x[t], from, from + width);
        }
        return y;
    }

    private static double[][] sum(double[][] a, double[][] b) {
        double[][] y = new double[a.length][];
        for (int t = 0; t < a.length; t++) {
            y[t] = sum(a[t], b[t]);
        }
        return y;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] y = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            y[i] = a[i] + b[i];
        }
        return y;
    }

    private static void map(double[][] x, DoubleUnaryOperator function) {
        for (double[] row : x) {
            java.util.Arrays.setAll(row, i -> function.applyAsDouble(row[i]));
        }
    }

    private static double gelu(double v) {
        return 0.5 * v * (1 + erf(v / Math.sqrt(2)));
    }

    /** Maclaurin series, exact to the last digits for the small arguments of these tests. */
    private static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
