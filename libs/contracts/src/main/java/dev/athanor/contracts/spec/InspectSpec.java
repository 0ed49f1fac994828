package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * {@code evaluation.inspect} and {@code evaluation.inspect-classifier}: looks into a model.
 *
 * @param kind {@code attention} (maps by layer and head), {@code relevance} (what each token adds to a prediction), {@code histograms}
 *     (of activations, parameters and their gradients) or {@code gradient-check} (of the model's configuration, small, in float64)
 * @param texts what the model reads, 1 to 16; none for the gradient check
 * @param maxTokens the beginning of each text that is read; never more than the model's context
 * @param target relevance: the label or token to explain; histograms of a classifier: the right label; empty = the most probable one
 * @param contrasted relevance: whether the mean of the other classes' logits is taken off the explained one
 * @param layers attention: numbers from 0; empty = all
 * @param heads attention: numbers from 0; empty = all
 * @param samples gradient check: values checked of each parameter
 */
public record InspectSpec(
        String kind,
        List<String> texts,
        int maxTokens,
        String target,
        boolean contrasted,
        List<Integer> layers,
        List<Integer> heads,
        int samples) {

    public static final InspectSpec DEFAULTS =
            new InspectSpec("gradient-check", List.of(), 48, "", false, List.of(), List.of(), 4);

    private static final int MOST_TEXTS = 16;
    private static final int MOST_CHARACTERS = 20_000;

    public InspectSpec {
        Checks.oneOf("kind", kind, List.of("attention", "relevance", "histograms", "gradient-check"));
        Checks.present("texts", texts);
        boolean reads = !kind.equals("gradient-check");
        Checks.that(
                reads ? !texts.isEmpty() && texts.size() <= MOST_TEXTS : texts.isEmpty(),
                "texts",
                texts.size() + " texts",
                reads ? "1 to " + MOST_TEXTS + " texts" : "none for a gradient check");
        for (int i = 0; i < texts.size(); i++) {
            Checks.present("texts[" + i + "]", texts.get(i));
            Checks.that(
                    texts.get(i).length() <= MOST_CHARACTERS,
                    "texts[" + i + "]",
                    texts.get(i).length() + " characters",
                    "at most " + MOST_CHARACTERS);
        }
        texts = List.copyOf(texts);
        Checks.range("maxTokens", maxTokens, 2, 512);
        Checks.present("target", target);
        Checks.that(target.length() <= 200, "target", target.length() + " characters", "at most 200");
        layers = numbers("layers", layers);
        heads = numbers("heads", heads);
        Checks.range("samples", samples, 1, 100);
    }

    private static List<Integer> numbers(String field, List<Integer> numbers) {
        Checks.present(field, numbers);
        Checks.that(
                numbers.stream().allMatch(n -> n != null && n >= 0)
                        && numbers.stream().distinct().count() == numbers.size(),
                field,
                numbers,
                "different numbers from 0");
        return List.copyOf(numbers);
    }
}
