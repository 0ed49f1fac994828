package dev.athanor.lm.format;

import dev.athanor.lm.format.SafetensorsFile.Source;
import dev.athanor.lm.format.SafetensorsFile.Type;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Files of models as transformers writes them, with random values: names, types, shards and buffers by its conventions, not by ours. */
final class HuggingFaceFiles {

    private final Type type;
    private final Random random = new Random(9);
    private final Map<String, double[]> values = new HashMap<>();
    private final Map<String, long[]> shapes = new TreeMap<>();
    private final Map<String, Source> buffers = new TreeMap<>();

    HuggingFaceFiles(Type type) {
        this.type = type;
    }

    HuggingFaceFiles weight(String name, long... shape) {
        double[] drawn = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(drawn, i -> rounded((float) (0.3 * random.nextGaussian())));
        values.put(name, drawn);
        shapes.put(name, shape);
        return this;
    }

    HuggingFaceFiles linear(String name, long out, long in) {
        return weight(name + ".weight", out, in).weight(name + ".bias", out);
    }

    HuggingFaceFiles norm(String name, long width) {
        return weight(name + ".weight", width).weight(name + ".bias", width);
    }

    /** What is no weight, all zero. */
    HuggingFaceFiles buffer(String name, Type of, Long... shape) {
        long elements = Arrays.stream(shape).reduce(1L, (a, b) -> a * b);
        MemorySegment zeros = MemorySegment.ofArray(new byte[(int) elements * of.bytes()]);
        buffers.put(name, Source.of(name, of, List.of(shape), zeros));
        return this;
    }

    /** GPT2LMHeadModel. */
    static HuggingFaceFiles gpt2(Type type, int V, int T, int layers, int C) {
        var files = new HuggingFaceFiles(type)
                .weight("transformer.wte.weight", V, C)
                .weight("transformer.wpe.weight", T, C)
                .norm("transformer.ln_f", C);
        for (int i = 0; i < layers; i++) {
            String h = "transformer.h." + i + ".";
            files.norm(h + "ln_1", C).norm(h + "ln_2", C);
            // Conv1D: [in, out].
            files.weight(h + "attn.c_attn.weight", C, 3L * C).weight(h + "attn.c_attn.bias", 3L * C);
            files.weight(h + "attn.c_proj.weight", C, C).weight(h + "attn.c_proj.bias", C);
            files.weight(h + "mlp.c_fc.weight", C, 4L * C).weight(h + "mlp.c_fc.bias", 4L * C);
            files.weight(h + "mlp.c_proj.weight", 4L * C, C).weight(h + "mlp.c_proj.bias", C);
            files.buffer(h + "attn.bias", Type.F32, 1L, 1L, (long) T, (long) T);
        }
        return files;
    }

    /** LlamaForCausalLM and MistralForCausalLM, head not tied. */
    static HuggingFaceFiles llama(Type type, int V, int layers, int C, int keyValues, int F) {
        var files = new HuggingFaceFiles(type)
                .weight("model.embed_tokens.weight", V, C)
                .weight("model.norm.weight", C)
                .weight("lm_head.weight", V, C);
        for (int i = 0; i < layers; i++) {
            String p = "model.layers." + i + ".";
            files.weight(p + "input_layernorm.weight", C)
                    .weight(p + "post_attention_layernorm.weight", C)
                    .weight(p + "self_attn.q_proj.weight", C, C)
                    .weight(p + "self_attn.k_proj.weight", keyValues, C)
                    .weight(p + "self_attn.v_proj.weight", keyValues, C)
                    .weight(p + "self_attn.o_proj.weight", C, C)
                    .weight(p + "mlp.gate_proj.weight", F, C)
                    .weight(p + "mlp.up_proj.weight", F, C)
                    .weight(p + "mlp.down_proj.weight", C, F)
                    .buffer(p + "self_attn.rotary_emb.inv_freq", Type.F32, 4L);
        }
        return files;
    }

    /** BertModel with its pooler, the outer module named. */
    static HuggingFaceFiles bert(Type type, int V, int T, int layers, int C) {
        String e = "bert.embeddings.";
        var files = new HuggingFaceFiles(type)
                .weight(e + "word_embeddings.weight", V, C)
                .weight(e + "position_embeddings.weight", T, C)
                .weight(e + "token_type_embeddings.weight", 2, C)
                .norm(e + "LayerNorm", C)
                .buffer(e + "position_ids", Type.I64, 1L, (long) T)
                .linear("bert.pooler.dense", C, C);
        for (int i = 0; i < layers; i++) {
            String p = "bert.encoder.layer." + i + ".";
            for (String part : List.of("query", "key", "value")) {
                files.linear(p + "attention.self." + part, C, C);
            }
            files.linear(p + "attention.output.dense", C, C)
                    .norm(p + "attention.output.LayerNorm", C)
                    .linear(p + "intermediate.dense", 4L * C, C)
                    .linear(p + "output.dense", C, 4L * C)
                    .norm(p + "output.LayerNorm", C);
        }
        return files;
    }

    HuggingFaceFiles maskedHead(int V, int C) {
        return linear("cls.predictions.transform.dense", C, C)
                .norm("cls.predictions.transform.LayerNorm", C)
                .weight("cls.predictions.bias", V);
    }

    HuggingFaceFiles without(String prefix) {
        values.keySet().removeIf(name -> name.startsWith(prefix));
        shapes.keySet().removeIf(name -> name.startsWith(prefix));
        return this;
    }

    /** The same values, under their full names. */
    PlainFamilies plain() {
        return new PlainFamilies(values, shapes);
    }

    /** {@code config.json} and the weights, in one file or in several with their index. */
    Path write(Path folder, String config, UnaryOperator<String> naming, int files) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config);
        try (Arena arena = Arena.ofConfined()) {
            var all = new ArrayList<Source>();
            shapes.forEach((name, shape) -> all.add(Source.of(
                    naming.apply(name), type, Arrays.stream(shape).boxed().toList(), bytes(arena, name))));
            buffers.forEach((name, buffer) ->
                    all.add(new Source(naming.apply(name), buffer.type(), buffer.shape(), buffer.bytes())));
            if (files == 1) {
                SafetensorsFile.write(folder.resolve("model.safetensors"), all, new TreeMap<>(Map.of("format", "pt")));
                return folder;
            }
            var map = new TreeMap<String, String>();
            for (int part = 0; part < files; part++) {
                String name = "model-%05d-of-%05d.safetensors".formatted(part + 1, files);
                var own = new ArrayList<Source>();
                for (int i = part; i < all.size(); i += files) {
                    own.add(all.get(i));
                    map.put(all.get(i).name(), name);
                }
                SafetensorsFile.write(folder.resolve(name), own, new TreeMap<>(Map.of("format", "pt")));
            }
            String entries = String.join(
                    ",",
                    map.entrySet().stream()
                            .map(e -> "\"" + e.getKey() + "\": \"" + e.getValue() + "\"")
                            .toList());
            Files.writeString(
                    folder.resolve("model.safetensors.index.json"),
                    "{\"metadata\": {\"total_size\": 1}, \"weight_map\": {" + entries + "}}");
            return folder;
        }
    }

    private MemorySegment bytes(Arena arena, String name) {
        double[] from = values.get(name);
        MemorySegment segment = arena.allocate((long) from.length * type.bytes(), 8);
        for (int i = 0; i < from.length; i++) {
            float value = (float) from[i];
            switch (type) {
                case F32 -> segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
                case BF16 ->
                    segment.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >>> 16));
                case F16 -> segment.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
                default -> throw new IllegalArgumentException(type.toString());
            }
        }
        return segment;
    }

    private double rounded(float value) {
        return switch (type) {
            case BF16 -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xFFFF0000);
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            default -> value;
        };
    }
}
