package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.train.LearningRateSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PretrainConfigsTest {

    @Test
    void theDefaultIsALlamaStyleDecoder() {
        ModelConfig config = PretrainConfigs.model(PretrainSpec.DEFAULTS.model(), 8192);
        assertThat(config).isEqualTo(ModelConfig.llama(8192, 256, 6, 6, 384).build());
    }

    @Test
    void everyOptionReachesTheLibrary() {
        PretrainSpec spec = read("""
                {"schedule": "warmup-stable-decay", "microBatchSize": 4,
                 "model": {"style": "gpt2", "layers": 4, "heads": 4, "keyValueHeads": 2, "width": 64, "context": 32,
                  "activation": "geglu", "positions": "sinusoidal", "normPlacement": "post",
                  "attention": [{"kind": "bigbird", "window": 8, "globals": 2, "randoms": 3, "positions": "alibi"},
                                {"kind": "full", "window": 0, "globals": 0, "randoms": 0, "positions": "relative"}],
                  "experts": {"count": 8, "perToken": 2}}}
                """);
        ModelConfig config = PretrainConfigs.model(spec.model(), 100);
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model': {'heads': 6, 'keyValueHeads': 6, 'width': 90}} | width | even number of values a head",
                "{'model': {'distinctLayers': 7}} | distinctLayers | 0 to 6",
                "{'model': {'activation': 'mish'}} | activation | swiglu",
                "{'model': {'experts': {'count': 1}}} | count | at least 2",
                "{'model': {'experts': {'count': 4, 'perToken': 5}}} | perToken | 1 to 4",
                "{'model': {'attention': [{'kind': 'full', 'window': 3, 'globals': 0, 'randoms': 0, 'positions': 'none'}]}} | window | 0 where all is seen",
                "{'model': {'keyValueHeads': 2, 'attention': [{'kind': 'full', 'window': 0, 'globals': 0, 'randoms': 0, 'positions': 'disentangled'}]}} | keyValueHeads | disentangled",
                "{'schedule': 'magic'} | schedule | cosine",
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
