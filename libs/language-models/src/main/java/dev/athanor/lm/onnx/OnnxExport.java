package dev.athanor.lm.onnx;

import static dev.athanor.lm.onnx.OnnxTensor.Type.FLOAT;
import static dev.athanor.lm.onnx.OnnxTensor.Type.INT64;

import dev.athanor.lm.LanguageModel;
import dev.athanor.lm.SequenceClassifier;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.onnx.OnnxGraph.Attribute;
import dev.athanor.lm.onnx.OnnxGraph.Value;
import dev.athanor.lm.onnx.TransformerGraph.Inputs;
import dev.athanor.lm.onnx.TransformerGraph.KeyValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes models as ONNX files of standard operators (opset 17) in float32, with the names of inputs and outputs that Hugging Face's
 * Optimum gives them. Numbers of sequences and positions are free; all ids are int64.
 *
 * <ul>
 *   <li>Inputs: {@code input_ids} [batch, sequence]; {@code attention_mask}, 1 for tokens and 0 for padding, of past and new positions;
 *       {@code token_type_ids} where the model has segments.
 *   <li>A decoder gives {@code logits} [batch, sequence, vocabulary]; with a cache it takes {@code past_key_values.N.key} and
 *       {@code .value} [batch, key/value heads, past, values a head], which may have a past of 0, and gives {@code present.N.key} and
 *       {@code .value} to be passed in next time.
 *   <li>An encoder gives {@code last_hidden_state}, {@code logits} over the vocabulary, and {@code seq_relationship_logits} where it has
 *       a next-sentence head.
 *   <li>A classifier gives {@code logits} [batch, labels].
 * </ul>
 */
public final class OnnxExport {

    public static final String MODEL_FILE = "model.onnx";
    /** The weights of a model too large for one protobuf message. */
    public static final String DATA_FILE = "model.onnx_data";

    /** Half of what a protobuf message can hold. */
    private static final long INLINE_BYTES = 1L << 30;

    private static final String BATCH = "batch_size";
    private static final String SEQUENCE = "sequence_length";
    private static final String PAST = "past_sequence_length";
    private static final String ALL = "past_sequence_length + sequence_length";

    private final ModelConfig config;
    private final OnnxOps ops;
    private final OnnxGraph graph;
    private final Value mask_BS;
    private final TransformerGraph transformer;
    private final Value hidden_NC;

    private OnnxExport(ModelConfig config, OnnxOps ops, boolean cache) {
        this.config = config;
        this.ops = ops;
        graph = ops.graph();
        Value ids_BT = graph.input("input_ids", INT64, BATCH, SEQUENCE);
        mask_BS = graph.input("attention_mask", INT64, BATCH, cache ? ALL : SEQUENCE);
        Value segments_BT = config.segments() > 0 ? graph.input("token_type_ids", INT64, BATCH, SEQUENCE) : null;
        transformer = new TransformerGraph(
                config, ops, new Inputs(ids_BT, mask_BS, segments_BT, cache ? pastInputs() : List.of()));
        hidden_NC = transformer.hidden();
    }

    /**
     * @param cache whether a decoder takes and gives keys and values; an encoder has none
     * @param folder made if absent
     * @return names of the files written: {@link #MODEL_FILE}, and {@link #DATA_FILE} for models of more than 1 GiB
     */
    public static List<String> write(LanguageModel model, boolean cache, Path folder) throws IOException {
        return write(model, cache, folder, INLINE_BYTES);
    }

    static List<String> write(LanguageModel model, boolean cache, Path folder, long inlineBytes) throws IOException {
        boolean decoder = model.config().stack() == ModelConfig.Stack.DECODER;
        var ops = new OnnxOps(new OnnxGraph(), model.parameters());
        var export = new OnnxExport(model.config(), ops, cache && decoder);
        if (decoder) {
            export.decoderOutputs();
        } else {
            export.encoderOutputs();
        }
        Files.createDirectories(folder);
        return OnnxFile.write(folder, export.graph, inlineBytes);
    }

    /** As {@link #write(LanguageModel, boolean, Path)}. */
    public static List<String> write(SequenceClassifier classifier, Path folder) throws IOException {
        var ops = new OnnxOps(new OnnxGraph(), classifier.parameters());
        var export = new OnnxExport(classifier.config(), ops, false);
        export.classifierOutput(classifier.pooling(), classifier.labels().size());
        Files.createDirectories(folder);
        return OnnxFile.write(folder, export.graph, INLINE_BYTES);
    }

    private List<KeyValue> pastInputs() {
        List<KeyValue> past = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String name = "past_key_values." + i;
            past.add(new KeyValue(
                    graph.input(name + ".key", FLOAT, BATCH, config.keyValueHeads(), PAST, config.headWidth()),
                    graph.input(name + ".value", FLOAT, BATCH, config.keyValueHeads(), PAST, config.headWidth())));
        }
        return past;
    }

    private void decoderOutputs() {
        vocabularyOutput();
        for (int i = 0; i < transformer.present().size(); i++) {
            KeyValue present = transformer.present().get(i);
            presentOutput("present." + i + ".key", present.key());
            presentOutput("present." + i + ".value", present.value());
        }
    }

    private void presentOutput(String name, Value value) {
        graph.output(name, value, FLOAT, BATCH, config.keyValueHeads(), ALL, config.headWidth());
    }

    private void encoderOutputs() {
        Value hidden_BTC = transformer.unflattened(hidden_NC, config.width());
        graph.output("last_hidden_state", hidden_BTC, FLOAT, BATCH, SEQUENCE, config.width());
        vocabularyOutput();
        if (config.nextSentenceHead()) {
            Value pooled_BC = ops.of("Tanh", ops.linear(token(hidden_BTC, false), "pooler"));
            graph.output("seq_relationship_logits", ops.linear(pooled_BC, "next_sentence"), FLOAT, BATCH, 2);
        }
    }

    private void vocabularyOutput() {
        Value features_NC = hidden_NC;
        if (config.maskedHead()) {
            Value dense_NC = ops.gelu(ops.linear(hidden_NC, "masked.dense"));
            features_NC = ops.layerNorm(dense_NC, "masked.norm", config.normEpsilon());
        }
        Value weight_VC = ops.weight(config.tiedEmbeddings() ? "tokens.weight" : "output.weight");
        Value logits_NV = ops.has("output.bias")
                ? ops.product(features_NC, weight_VC, ops.weight("output.bias"))
                : ops.product(features_NC, weight_VC);
        Value logits_BTV = transformer.unflattened(logits_NV, config.vocabularySize());
        graph.output("logits", logits_BTV, FLOAT, BATCH, SEQUENCE, config.vocabularySize());
    }

    private void classifierOutput(SequenceClassifier.Pooling pooling, int labels) {
        Value hidden_BTC = transformer.unflattened(hidden_NC, config.width());
        Value pooled_BC = switch (pooling) {
            case FIRST -> token(hidden_BTC, false);
            case LAST -> token(hidden_BTC, true);
            case MEAN -> mean(hidden_BTC);
        };
        graph.output("logits", ops.linear(pooled_BC, "score"), FLOAT, BATCH, labels);
    }

    /** The first or the last of each sequence that is not padding, [B, C]. */
    private Value token(Value hidden_BTC, boolean last) {
        Value place_B1 = graph.node(
                "ArgMax",
                List.of(ops.cast(mask_BS, FLOAT)),
                Attribute.of("axis", 1L),
                Attribute.of("select_last_index", last ? 1L : 0L));
        return graph.node("GatherND", List.of(hidden_BTC, place_B1), Attribute.of("batch_dims", 1L));
    }

    private Value mean(Value hidden_BTC) {
        Value tokens_BT = ops.cast(mask_BS, FLOAT);
        Value share_BT = ops.of("Div", tokens_BT, ops.of("ReduceSum", tokens_BT, ops.ints(1)));
        return ops.of("Squeeze", ops.matMul(ops.unsqueeze(share_BT, 1), hidden_BTC), ops.ints(1));
    }
}
