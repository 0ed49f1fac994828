package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * {@code trainer.gradient-check}: whether the gradients of a configuration are right, before it is trained.
 *
 * @param model what is checked: its options, at a small size
 * @param samples values checked of each parameter
 * @param nextSentenceHead whether an encoder has the head of next-sentence prediction, whose loss is added
 * @param documentMasks whether a sequence is two documents that do not see each other
 * @param recompute whether activations are computed again in the backward pass
 */
public record GradientCheckSpec(
        ModelSpec model, int samples, boolean nextSentenceHead, boolean documentMasks, boolean recompute) {

    public static final GradientCheckSpec DEFAULTS = new GradientCheckSpec(ModelSpec.DEFAULTS, 4, false, false, false);

    public GradientCheckSpec {
        Checks.present("model", model);
        Checks.that(!model.ofInput(), "model.style", model.style(), "gpt2, llama or bert: the check has no input");
        Checks.range("samples", samples, 1, 100);
        Checks.that(
                !nextSentenceHead || model.encodes(),
                "nextSentenceHead",
                true,
                "false for a decoder, whose first position sees no sentence");
    }
}
