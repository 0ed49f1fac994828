package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.ModelSpec;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.Presets;
import dev.athanor.lm.model.RotaryScaling;
import dev.athanor.lm.train.CheckpointPolicy;
import dev.athanor.lm.train.LearningRateSchedule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PretrainConfigsTest {

    @Test
    void theDefaultIsALlamaStyleDecoder() {
        ModelConfig config = PretrainConfigs.model(PretrainSpec.DEFAULTS, 8192);
        assertThat(config).isEqualTo(ModelConfig.llama(8192, 256, 6, 6, 384).build());
    }

    @Test
    void everyOptionReachesTheLibrary() {
        PretrainSpec spec = read("""
                {"schedule": "warmup-stable-decay", "microBatchSize": 4,
                 "model": {"style": "gpt2", "layers": 4, "heads": 4, "keyValueHeads": 2, "width": 64, "context": 32,
                  "activation": "geglu", "positions": "sinusoidal", "normPlacement": "post",
                  "attention": [{"kind": "bigbird", "window": 8, "globals": 2, "randoms": 3, "positions": "alibi"},
                                {"positions": "relative"}],
                  "experts": {"count": 8, "perToken": 2}}}
                """);
        ModelConfig config = PretrainConfigs.model(spec, 100);
        assertThat(config.feedForward()).isEqualTo(ModelConfig.FeedForward.GEGLU);
        assertThat(config.positions()).isEqualTo(ModelConfig.Positions.SINUSOIDAL);
        assertThat(config.normPlacement()).isEqualTo(ModelConfig.NormPlacement.POST);
        assertThat(config.attention(2)).isEqualTo(LayerAttention.bigBird(8, 2, 3, LayerAttention.Positions.ALIBI));
        assertThat(config.attention(3)).isEqualTo(LayerAttention.full(LayerAttention.Positions.RELATIVE));
        assertThat(config.experts().count()).isEqualTo(8);
        assertThat(config.experts().perToken()).isEqualTo(2);
        assertThat(PretrainConfigs.training(spec, 1).schedule())
                .isEqualTo(LearningRateSchedule.Shape.WARMUP_STABLE_DECAY);
        assertThat(PretrainConfigs.training(spec, 1).microBatchSize()).isEqualTo(4);
    }

    @Test
    void whatDependsOnTheMicroBatchNeedsItWithSeveralWorkers() {
        for (String model : List.of("{\"dropout\": 0.1}", "{\"experts\": {\"count\": 4}}")) {
            assertThatThrownBy(() -> read("{\"workers\": 2, \"model\": " + model + "}"))
                    .isInstanceOf(AthanorException.class)
                    .hasMessageContaining("microBatchSize")
                    .hasMessageContaining("dropout or experts");
            PretrainSpec given = read("{\"workers\": 2, \"microBatchSize\": 8, \"model\": " + model + "}");
            assertThat(PretrainConfigs.training(given, 1).microBatchSize()).isEqualTo(8);
        }
        assertThat(PretrainConfigs.training(read("{\"workers\": 2}"), 1).microBatchSize())
                .isEqualTo(8);
    }

    @Test
    void theBestIsHandedInWhereItIsValidated() {
        PretrainSpec spec = read("""
                {"checkpoints": {"handIn": "best"}, "validationTokens": 1000, "maxSkippedBatches": 7}
                """);
        assertThat(PretrainConfigs.checkpoints(spec.checkpoints()))
                .isEqualTo(new CheckpointPolicy(2, 1, 0, CheckpointPolicy.HandIn.BEST, false));
        assertThat(PretrainConfigs.training(spec, 1).validationTokens()).isEqualTo(1000);
        assertThat(PretrainConfigs.training(spec, 1).maxSkipped()).isEqualTo(7);
        assertThat(PretrainConfigs.checkpoints(PretrainSpec.DEFAULTS.checkpoints()))
                .isEqualTo(CheckpointPolicy.DEFAULTS);
        for (String checkpoints : List.of("{\"handIn\": \"best\"}", "{\"keepBest\": 2}")) {
            assertThatThrownBy(() -> read("{\"validateEverySteps\": 0, \"checkpoints\": " + checkpoints + "}"))
                    .hasMessageContaining("validateEverySteps");
        }
        assertThatThrownBy(() -> read("{\"checkpoints\": {\"handIn\": \"newest\"}}"))
                .hasMessageContaining("handIn");
    }

    @Test
    void encodersAreReachedInAllTheirOptions() {
        PretrainSpec spec = read("""
                {"objective": {"kind": "masked-next-sentence", "wholeWords": true, "maskRate": 0.2}, "recompute": true,
                 "averageDecay": 0.99,
                 "model": {"style": "bert", "layers": 4, "heads": 4, "keyValueHeads": 4, "width": 64, "context": 32,
                  "norm": "rms-norm", "biases": false, "tiedEmbeddings": false, "rotaryTheta": 500000, "distinctLayers": 2,
                  "positions": "none", "initializerRange": 0.01, "relativeSpan": 16,
                  "rotaryScaling": {"kind": "llama3", "factor": 8, "originalContext": 16},
                  "attention": [{"kind": "full", "window": 0, "globals": 0, "randoms": 0, "positions": "rotary"}]}}
                """);
        ModelConfig config = PretrainConfigs.model(spec, 100);
        assertThat(config)
                .isEqualTo(ModelConfig.bert(100, 32, 4, 4, 64)
                        .norm(ModelConfig.Norm.RMS_NORM)
                        .biases(false)
                        .tiedEmbeddings(false)
                        .rotaryTheta(500_000)
                        .distinctLayers(2)
                        .positions(ModelConfig.Positions.NONE)
                        .initializerRange(0.01)
                        .relativeSpan(16)
                        .rotaryScaling(RotaryScaling.llama3(8, 1, 4, 16))
                        .attention(List.of(LayerAttention.full(LayerAttention.Positions.ROTARY)))
                        .build());
        assertThat(PretrainConfigs.training(spec, 1).recompute()).isTrue();
        assertThat(PretrainConfigs.training(spec, 1).averageDecay()).isEqualTo(0.99);
        assertThat(config.normEpsilon()).isEqualTo(1e-12);
        assertThat(PretrainConfigs.model(read("{\"model\": {\"normEpsilon\": 0.001}}"), 100)
                        .normEpsilon())
                .isEqualTo(1e-3);
        ModelConfig llamaEncoder = PretrainConfigs.model(
                read("{\"objective\": {\"kind\": \"masked\"}, \"model\": {\"stack\": \"encoder\"}}"), 100);
        assertThat(llamaEncoder.stack()).isEqualTo(ModelConfig.Stack.ENCODER);
        assertThat(llamaEncoder.nextSentenceHead()).isFalse();
    }

    @Test
    void presetsAreThoseOfTheLibrary() {
        assertThat(ModelSpec.PRESETS).containsExactlyElementsOf(Presets.names());
        for (String preset : ModelSpec.PRESETS) {
            String objective = preset.startsWith("bert") ? "masked" : "causal";
            PretrainSpec spec = read(
                    "{\"objective\": {\"kind\": \"" + objective + "\"}, \"model\": {\"preset\": \"" + preset + "\"}}");
            assertThat(PretrainConfigs.model(spec, 8192))
                    .isEqualTo(Presets.of(preset, 8192).nextSentenceHead(false).build());
        }
    }

    @Test
    void whatIsGivenBesideAPresetIsTakenAndTheRestIsThePresets() {
        assertThat(model("{'preset': 'gpt2-124m', 'distinctLayers': 12}").distinctLayers())
                .isEqualTo(12);
        ModelConfig larger = model("{'preset': 'llama-30m', 'layers': 12, 'width': 768}");
        assertThat(larger)
                .isEqualTo(
                        ModelConfig.llama(100, 512, 12, 8, 768).keyValueHeads(4).build());
        assertThat(model("{'preset': 'llama-1b', 'context': 512}").feedForwardWidth())
                .isEqualTo(5632);
        assertThat(model("{'preset': 'llama-30m', 'heads': 16}").keyValueHeads())
                .isEqualTo(16);
        assertThat(model("{'preset': 'llama-30m', 'heads': 16, 'keyValueHeads': 2}")
                        .keyValueHeads())
                .isEqualTo(2);
        assertThat(model("{'style': 'llama', 'heads': 4, 'width': 128}").keyValueHeads())
                .isEqualTo(4);
    }

    private static ModelConfig model(String json) {
        return PretrainConfigs.model(read("{\"model\": " + json.replace('\'', '"') + "}"), 100);
    }

    @Test
    void theWarmUpFollowsFromTheStepsWhereItIsNotGiven() {
        assertThat(PretrainSpec.DEFAULTS.warmup()).isEqualTo(100);
        assertThat(read("{\"steps\": 40}").warmup()).isEqualTo(4);
        assertThat(read("{\"steps\": 40, \"warmupSteps\": 39}").warmup()).isEqualTo(39);
        assertThat(PretrainConfigs.training(read("{\"steps\": 40}"), 1).warmupSteps())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model': {'preset': 'llama-1m', 'distinctLayers': 4}} | distinctLayers | 0 to 2",
                "{'model': {'preset': 'llama-1m', 'attention': [{'positions': 'none'}, {'positions': 'none'}, {'positions': 'none'}]}} | attention | at most one a layer (2)",
                "{'model': {'preset': 'bert-1m', 'context': 8}, 'objective': {'kind': 'next-sentence'}} | model.context | at least 16",
                "{'model': {'preset': 'bert-1m', 'style': 'llama'}} | style | that of the preset",
                "{'model': {'preset': 'llama-30m', 'attention': [{'positions': 'disentangled'}]}} | keyValueHeads | disentangled",
                "{'model': {'heads': 4, 'width': 130}} | width | multiple of heads (4)",
                "{'model': {'attention': [{'kind': 'full'}]}} | positions | rotary",
                "{'model': {'style': 'input', 'layers': 3}} | model | all else is the input's",
                "{'steps': 50, 'warmupSteps': 50} | warmupSteps | fewer than steps (50)",
                "{'model': {'heads': 6, 'keyValueHeads': 6, 'width': 90}} | width | even number of values a head",
                "{'model': {'distinctLayers': 7}} | distinctLayers | 0 to 6",
                "{'model': {'activation': 'mish'}} | activation | swiglu",
                "{'model': {'experts': {'count': 1}}} | count | at least 2",
                "{'model': {'experts': {'count': 4, 'perToken': 5}}} | perToken | 1 to 4",
                "{'model': {'attention': [{'kind': 'full', 'window': 3, 'globals': 0, 'randoms': 0, 'positions': 'none'}]}} | window | 0 where all is seen",
                "{'model': {'keyValueHeads': 2, 'attention': [{'kind': 'full', 'window': 0, 'globals': 0, 'randoms': 0, 'positions': 'disentangled'}]}} | keyValueHeads | disentangled",
                "{'schedule': 'magic'} | schedule | cosine",
                "{'objective': {'kind': 'masked'}} | objective | causal for a decoder",
                "{'model': {'style': 'bert'}} | objective | masked, next-sentence or",
                "{'objective': {'wholeWords': true}} | wholeWords | hides no words",
                "{'objective': {'kind': 'next-sentence', 'documentMasks': true}, 'model': {'style': 'bert'}} | documentMasks | seen together",
                "{'precision': 'fp16', 'device': 'cpu'} | precision | bf16 or fp32 on a processor",
                "{'model': {'preset': 'llama-7b'}} | preset | llama-1b",
                "{'model': {'style': 'gpt2', 'rotaryScaling': {'kind': 'linear', 'factor': 2}}} | rotaryScaling | no layer has rotary",
                "{'model': {'rotaryScaling': {'kind': 'llama3', 'factor': 2}}} | originalContext | 1 to",
                "{'averageDecay': 1} | averageDecay | 0 to",
                "{'batchSize': 16, 'microBatchSize': 5} | microBatchSize | divisor of batchSize",
            })
    void whatCannotWorkIsRefusedAtSubmission(String json, String field, String expected) {
        assertThatThrownBy(() -> read(json.replace('\'', '"')))
                .isInstanceOf(AthanorException.class)
                .hasMessageContaining(field)
                .hasMessageContaining(expected);
    }

    private static PretrainSpec read(String json) {
        return (PretrainSpec) StageType.PRETRAIN.readSpec(Json.MAPPER.readTree(json));
    }
}
