package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.spec.AttentionSpec;
import dev.athanor.contracts.spec.CheckpointSpec;
import dev.athanor.contracts.spec.ExpertsSpec;
import dev.athanor.contracts.spec.ModelSpec;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.train.CheckpointPolicy;
import dev.athanor.lm.train.LearningRateSchedule;
import dev.athanor.lm.train.Precision;
import dev.athanor.lm.train.TrainingConfig;
import java.util.Locale;

/** The specification of a job in the library's terms. */
final class PretrainConfigs {

    private static final long VALIDATION_TOKENS = 65_536;

    private PretrainConfigs() {}

    static ModelConfig model(ModelSpec spec, int vocabularySize) {
        ModelConfig.Builder builder = spec.style().equals("gpt2")
                ? ModelConfig.gpt2(vocabularySize, spec.context(), spec.layers(), spec.heads(), spec.width())
                : ModelConfig.llama(vocabularySize, spec.context(), spec.layers(), spec.heads(), spec.width());
        builder.keyValueHeads(spec.keyValueHeads())
                .feedForwardWidth(spec.feedForward())
                .dropout(spec.dropout())
                .normPlacement(constant(ModelConfig.NormPlacement.class, spec.normPlacement()))
                .distinctLayers(spec.distinctLayers());
        if (!spec.activation().isEmpty()) {
            builder.feedForward(constant(ModelConfig.FeedForward.class, spec.activation()));
        }
        if (!spec.positions().isEmpty()) {
            builder.positions(constant(ModelConfig.Positions.class, spec.positions()));
        }
        if (!spec.attention().isEmpty()) {
            builder.attention(
                    spec.attention().stream().map(PretrainConfigs::attention).toList());
        }
        ExpertsSpec experts = spec.experts();
        if (experts.count() > 0) {
            builder.experts(new Experts(
                    experts.count(),
                    experts.perToken(),
                    experts.capacityFactor(),
                    experts.balanceWeight(),
                    experts.routerZWeight()));
        }
        return builder.build();
    }

    private static LayerAttention attention(AttentionSpec spec) {
        return new LayerAttention(
                constant(LayerAttention.Kind.class, spec.kind()),
                spec.window(),
                spec.globals(),
                spec.randoms(),
                constant(LayerAttention.Positions.class, spec.positions()));
    }

    /** {@code gelu-tanh} is {@code GELU_TANH}. */
    private static <E extends Enum<E>> E constant(Class<E> type, String slug) {
        return Enum.valueOf(type, slug.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static CheckpointPolicy checkpoints(CheckpointSpec spec) {
        return new CheckpointPolicy(spec.keepLast(), spec.keepBest(), spec.keepEverySteps(), spec.compress());
    }

    static TrainingConfig training(PretrainSpec spec, long seed) {
        return new TrainingConfig(
                spec.steps(),
                spec.maxMinutes(),
                spec.batchSize(),
                spec.microBatchSize() == 0 ? spec.batchSize() / spec.workers() : spec.microBatchSize(),
                Precision.of(spec.precision()),
                constant(LearningRateSchedule.Shape.class, spec.schedule()),
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
