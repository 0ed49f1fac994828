package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.spec.ModelSpec;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.train.Precision;
import dev.athanor.lm.train.TrainingConfig;

/** The specification of a job in the library's terms. */
final class PretrainConfigs {

    private static final long VALIDATION_TOKENS = 65_536;

    private PretrainConfigs() {}

    static ModelConfig model(ModelSpec spec, int vocabularySize) {
        ModelConfig.Builder builder = spec.style().equals("gpt2")
                ? ModelConfig.gpt2(vocabularySize, spec.context(), spec.layers(), spec.heads(), spec.width())
                : ModelConfig.llama(vocabularySize, spec.context(), spec.layers(), spec.heads(), spec.width());
        return builder.keyValueHeads(spec.keyValueHeads())
                .feedForwardWidth(spec.feedForward())
                .dropout(spec.dropout())
                .build();
    }

    static TrainingConfig training(PretrainSpec spec, long seed) {
        return new TrainingConfig(
                spec.steps(),
                spec.maxMinutes(),
                spec.batchSize(),
                0,
                Precision.of(spec.precision()),
                spec.learningRate(),
                spec.warmupSteps(),
                spec.minLearningRateRatio(),
                spec.weightDecay(),
                spec.beta1(),
                spec.beta2(),
                spec.clipNorm(),
                spec.checkpointEverySteps(),
                spec.validateEverySteps(),
                VALIDATION_TOKENS,
                seed);
    }
}
