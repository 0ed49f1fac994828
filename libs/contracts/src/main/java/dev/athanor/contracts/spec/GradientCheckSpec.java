package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;

/**
 * {@code trainer.gradient-check}: whether the gradients of a configuration are right, before it is trained.
 *
 * @param model what is checked: its options, at a small size
 * @param samples values checked of each parameter
 */
public record GradientCheckSpec(ModelSpec model, int samples) {

    public static final GradientCheckSpec DEFAULTS = new GradientCheckSpec(ModelSpec.DEFAULTS, 4);

    public GradientCheckSpec {
        Checks.present("model", model);
        Checks.that(!model.ofInput(), "model.style", model.style(), "gpt2, llama or bert: the check has no input");
        Checks.range("samples", samples, 1, 100);
    }
}
