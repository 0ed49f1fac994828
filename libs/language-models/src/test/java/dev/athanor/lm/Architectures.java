package dev.athanor.lm;

import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.LayerAttention.Positions;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.FeedForward;
import dev.athanor.lm.model.ModelConfig.Norm;
import dev.athanor.lm.model.ModelConfig.NormPlacement;
import dev.athanor.lm.model.ModelConfig.Stack;
import dev.athanor.lm.model.RotaryScaling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Small models that together have every option of the configuration. */
public final class Architectures {

    private static final int VOCABULARY = 12;
    private static final int CONTEXT = 16;

    private Architectures() {}

    public static Stream<Arguments> decoders() {
        return arguments(decoderConfigs());
    }

    public static Stream<Arguments> encoders() {
        return arguments(encoderConfigs());
    }

    public static Stream<Arguments> all() {
        return Stream.concat(decoders(), encoders());
    }

    private static Stream<Arguments> arguments(Map<String, ModelConfig> configs) {
        return configs.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    public static Map<String, ModelConfig> decoderConfigs() {
        var configs = new LinkedHashMap<String, ModelConfig>();
        configs.put("gpt2", gpt2(b -> b));
        configs.put("llama", llama(b -> b));
        configs.put("llama-untied", llama(b -> b.tiedEmbeddings(false)));
        configs.put("grouped-query", llama(b -> b.heads(4).keyValueHeads(2)));
        configs.put("multi-query", gpt2(b -> b.keyValueHeads(1)));
        configs.put("sinusoidal", gpt2(b -> b.positions(ModelConfig.Positions.SINUSOIDAL)));
        configs.put("no-positions", gpt2(b -> b.positions(ModelConfig.Positions.NONE)));
        // Eight slopes, from a half: of fewer, none falls steeply enough for so short a context.
        configs.put("alibi", llama(b -> b.heads(8).attention(List.of(LayerAttention.full(Positions.ALIBI)))));
        configs.put("relative", attends(LayerAttention.full(Positions.RELATIVE)));
        configs.put("disentangled", attends(LayerAttention.full(Positions.DISENTANGLED)));
        configs.put("rotary-linear", llama(b -> b.rotaryScaling(RotaryScaling.linear(4))));
        configs.put("rotary-ntk", llama(b -> b.rotaryScaling(RotaryScaling.ntk(2))));
        configs.put("rotary-llama3", llama(b -> b.rotaryScaling(RotaryScaling.llama3(8, 1, 4, 8))));
        configs.put("sliding-window", attends(LayerAttention.slidingWindow(6, Positions.ROTARY)));
        configs.put("longformer", attends(LayerAttention.longformer(5, 2, Positions.ROTARY)));
        configs.put("bigbird", attends(LayerAttention.bigBird(5, 1, 2, Positions.ROTARY)));
        configs.put(
                "mixed-layers",
                llama(b -> b.attention(List.of(
                        LayerAttention.slidingWindow(6, Positions.ROTARY), LayerAttention.full(Positions.NONE)))));
        configs.put(
                "mixed-positions",
                llama(b -> b.heads(4)
                        .keyValueHeads(2)
                        .relativeSpan(8)
                        .attention(List.of(
                                LayerAttention.full(Positions.RELATIVE), LayerAttention.full(Positions.ALIBI)))));
        configs.put("relu", gpt2(b -> b.feedForward(FeedForward.RELU)));
        configs.put("geglu", llama(b -> b.feedForward(FeedForward.GEGLU)));
        configs.put("experts", llama(b -> b.experts(new Experts(4, 2, 0, 0.01, 0.001))));
        configs.put("switch-experts", gpt2(b -> b.experts(Experts.of(4, 1))));
        configs.put("shared-layers", gpt2(b -> b.layers(3).distinctLayers(1)));
        configs.put("post-norm", gpt2(b -> b.normPlacement(NormPlacement.POST)));
        configs.put(
                "post-rms-norm", llama(b -> b.normPlacement(NormPlacement.POST).norm(Norm.RMS_NORM)));
        configs.put("no-biases", gpt2(b -> b.biases(false)));
        configs.put("rms-norm-with-biases", llama(b -> b.biases(true)));
        return configs;
    }

    public static Map<String, ModelConfig> encoderConfigs() {
        var configs = new LinkedHashMap<String, ModelConfig>();
        configs.put("bert", bert(b -> b));
        configs.put(
                "pre-norm-encoder", bert(b -> b.normPlacement(NormPlacement.PRE).maskedHead(false)));
        configs.put("albert", bert(b -> b.distinctLayers(1)));
        configs.put(
                "deberta",
                bert(b -> b.positions(ModelConfig.Positions.NONE)
                        .relativeSpan(8)
                        .attention(List.of(LayerAttention.full(Positions.DISENTANGLED)))));
        configs.put(
                "t5-encoder",
                bert(b -> b.positions(ModelConfig.Positions.NONE)
                        .attention(List.of(LayerAttention.full(Positions.RELATIVE)))));
        configs.put("sinusoidal-encoder", bert(b -> b.positions(ModelConfig.Positions.SINUSOIDAL)));
        configs.put(
                "alibi-encoder",
                llama(b -> b.stack(Stack.ENCODER).heads(8).attention(List.of(LayerAttention.full(Positions.ALIBI)))));
        configs.put(
                "longformer-encoder", bert(b -> b.attention(List.of(LayerAttention.longformer(3, 1, Positions.NONE)))));
        configs.put(
                "bigbird-encoder", bert(b -> b.attention(List.of(LayerAttention.bigBird(2, 1, 2, Positions.NONE)))));
        configs.put("sliding-window-encoder", encodes(LayerAttention.slidingWindow(9, Positions.ROTARY)));
        configs.put("rotary-encoder", encodes(LayerAttention.full(Positions.ROTARY)));
        configs.put(
                "mixed-encoder",
                bert(b -> b.heads(4)
                        .tiedEmbeddings(false)
                        .relativeSpan(8)
                        .attention(List.of(
                                LayerAttention.full(Positions.DISENTANGLED),
                                LayerAttention.longformer(4, 1, Positions.RELATIVE)))));
        configs.put(
                "experts-encoder",
                llama(b ->
                        b.stack(Stack.ENCODER).heads(4).keyValueHeads(1).experts(new Experts(4, 2, 0, 0.01, 0.001))));
        return configs;
    }

    private static ModelConfig attends(LayerAttention attention) {
        boolean spans = attention.positions() == Positions.RELATIVE || attention.positions() == Positions.DISENTANGLED;
        return llama(b -> b.relativeSpan(spans ? 8 : 128).attention(List.of(attention)));
    }

    private static ModelConfig encodes(LayerAttention attention) {
        return llama(b -> b.stack(Stack.ENCODER).attention(List.of(attention)));
    }

    private static ModelConfig gpt2(UnaryOperator<ModelConfig.Builder> change) {
        return change.apply(ModelConfig.gpt2(VOCABULARY, CONTEXT, 2, 2, 32).feedForwardWidth(64))
                .build();
    }

    private static ModelConfig llama(UnaryOperator<ModelConfig.Builder> change) {
        return change.apply(ModelConfig.llama(VOCABULARY, CONTEXT, 2, 2, 32).feedForwardWidth(64))
                .build();
    }

    private static ModelConfig bert(UnaryOperator<ModelConfig.Builder> change) {
        return change.apply(ModelConfig.bert(VOCABULARY, CONTEXT, 2, 2, 32).feedForwardWidth(64))
                .build();
    }
}
