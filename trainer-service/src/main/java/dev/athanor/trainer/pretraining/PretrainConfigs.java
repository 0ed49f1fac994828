package dev.athanor.trainer.pretraining;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.AttentionSpec;
import dev.athanor.contracts.spec.CheckpointSpec;
import dev.athanor.contracts.spec.ExpertsSpec;
import dev.athanor.contracts.spec.ModelSize;
import dev.athanor.contracts.spec.ModelSpec;
import dev.athanor.contracts.spec.ObjectiveSpec;
import dev.athanor.contracts.spec.PretrainSpec;
import dev.athanor.contracts.spec.RotaryScalingSpec;
import dev.athanor.lm.format.WeightLayout;
import dev.athanor.lm.model.Experts;
import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.RotaryScaling;
import dev.athanor.lm.train.CheckpointPolicy;
import dev.athanor.lm.train.CheckpointPolicy.HandIn;
import dev.athanor.lm.train.LearningRateSchedule;
import dev.athanor.lm.train.Precision;
import dev.athanor.lm.train.TrainingConfig;
import java.util.Locale;

/** The specification of a job in the library's terms. */
final class PretrainConfigs {

    private PretrainConfigs() {}

    /** With the head and the sentence types that the job's objective needs. */
    static ModelConfig model(PretrainSpec job, int vocabularySize) {
        ModelConfig model = model(job.model(), vocabularySize);
        return job.objective().hasSentencePairs()
                ? model.toBuilder().nextSentenceHead(true).segments(2).build()
                : model;
    }

    /** An existing model with the heads and the sentence types that an objective needs. */
    static ModelConfig forObjective(ModelConfig model, ObjectiveSpec objective) {
        ModelConfig.Builder builder = model.toBuilder();
        if (objective.hasSentencePairs()) {
            builder.nextSentenceHead(true).segments(model.segments() == 0 ? 2 : model.segments());
        }
        // Files of BERT often come without the head that projects to the vocabulary.
        if (objective.kind().startsWith("masked") && WeightLayout.of(model) == WeightLayout.BERT) {
            builder.maskedHead(true);
        }
        return builder.build();
    }

    static ModelConfig model(ModelSpec spec, int vocabularySize) {
        ModelConfig.Builder builder = usual(spec, vocabularySize)
                .dropout(spec.dropout())
                .distinctLayers(spec.distinctLayers())
                .tiedEmbeddings(spec.tiedEmbeddings())
                .rotaryTheta(spec.rotaryTheta())
                .rotaryScaling(scaling(spec.rotaryScaling()))
                .relativeSpan(spec.relativeSpan())
                .initializerRange(spec.initializerRange())
                .nextSentenceHead(false);
        if (!spec.stack().isEmpty()) {
            builder.stack(constant(ModelConfig.Stack.class, spec.stack()));
        }
        if (!spec.norm().isEmpty()) {
            builder.norm(constant(ModelConfig.Norm.class, spec.norm()));
        }
        if (!spec.normPlacement().isEmpty()) {
            builder.normPlacement(constant(ModelConfig.NormPlacement.class, spec.normPlacement()));
        }
        Boolean biases = spec.biases();
        if (biases != null) {
            builder.biases(biases);
        }
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

    private static ModelConfig.Builder usual(ModelSpec spec, int vocabularySize) {
        ModelSize size = spec.size();
        ModelConfig.Builder builder = switch (size.style()) {
            case "gpt2" -> ModelConfig.gpt2(vocabularySize, size.context(), size.layers(), size.heads(), size.width());
            case "bert" -> ModelConfig.bert(vocabularySize, size.context(), size.layers(), size.heads(), size.width());
            case "llama" ->
                ModelConfig.llama(vocabularySize, size.context(), size.layers(), size.heads(), size.width());
            default -> throw AthanorException.invalidSpec("model.style", size.style(), "gpt2, llama or bert");
        };
        if (spec.normEpsilon() > 0) {
            builder.normEpsilon(spec.normEpsilon());
        }
        return builder.keyValueHeads(size.keyValueHeads()).feedForwardWidth(size.feedForward());
    }

    private static RotaryScaling scaling(RotaryScalingSpec spec) {
        return new RotaryScaling(
                constant(RotaryScaling.Kind.class, spec.kind()),
                spec.factor(),
                spec.lowFrequencyFactor(),
                spec.highFrequencyFactor(),
                spec.originalContext());
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
        HandIn handIn = constant(HandIn.class, spec.handIn());
        return new CheckpointPolicy(
                spec.keepLast(),
                handIn == HandIn.BEST ? Math.max(1, spec.keepBest()) : spec.keepBest(),
                spec.keepEverySteps(),
                handIn,
                spec.compress());
    }

    static TrainingConfig training(PretrainSpec spec, long seed) {
        return TrainingConfig.builder(spec.steps(), spec.batchSize())
                .maxMinutes(spec.maxMinutes())
                .microBatchSize(spec.microBatchSize() == 0 ? spec.batchSize() / spec.workers() : spec.microBatchSize())
                .precision(Precision.of(spec.precision()))
                .schedule(constant(LearningRateSchedule.Shape.class, spec.schedule()))
                .learningRate(spec.learningRate())
                .warmupSteps(spec.warmup())
                .minLearningRateRatio(spec.minLearningRateRatio())
                .weightDecay(spec.weightDecay())
                .betas(spec.beta1(), spec.beta2())
                .clipNorm(spec.clipNorm())
                .checkpointEvery(spec.checkpointEverySteps())
                .validateEvery(spec.validateEverySteps())
                .validationTokens(spec.validationTokens())
                .seed(seed)
                .recompute(spec.recompute())
                .averageDecay(spec.averageDecay())
                .maxSkipped(spec.maxSkippedBatches())
                .build();
    }
}
