package dev.athanor.contracts.spec;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.Checks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code preprocessing.augment} and {@code preprocessing.augment-labelled}: more texts made from those that are there, which stay.
 *
 * @param methods what is done, of {@link #METHODS}; the copies of a text take turns
 * @param copies new texts for each text
 * @param share of the texts that are augmented, chosen by a hash of their ids
 * @param rate share of a text's words that are changed; with {@code delete} the probability of each to go
 * @param maxCharacters longer texts are not augmented
 * @param embedding for the method {@code embedding}, which needs it
 * @param translation for the method {@code back-translation}
 * @param generation for the method {@code generation}
 * @param minLengthRatio new texts with fewer words than this share of the original's are dropped
 * @param maxLengthRatio new texts with more words than this share of the original's are dropped
 * @param agreement labelled examples only: drops new texts whose label a classifier does not confirm
 */
public record AugmentSpec(
        List<String> methods,
        int copies,
        double share,
        double rate,
        int maxCharacters,
        @Nullable Embedding embedding,
        Translation translation,
        Generation generation,
        double minLengthRatio,
        double maxLengthRatio,
        @Nullable Agreement agreement) {

    public static final List<String> METHODS =
            List.of("synonym", "embedding", "insert", "delete", "swap", "back-translation", "generation");

    public static final AugmentSpec DEFAULTS = new AugmentSpec(
            List.of("synonym", "insert", "swap", "delete"),
            1,
            1,
            0.1,
            20_000,
            null,
            new Translation("service", "en", "de"),
            new Generation(
                    "default",
                    "Rewrite the following text in other words. Keep its meaning, its language and its opinion. Answer with the"
                            + " rewritten text only.\n\n{text}",
                    0.8,
                    1024),
            0.5,
            2,
            null);

    /**
     * Words in place of which their nearest neighbours among a language model's token embeddings are put.
     *
     * @param model artifact of kind {@code language-model} or {@code classifier}
     * @param neighbours so many of the nearest are chosen from
     * @param minSimilarity least cosine of a neighbour's embedding and the word's, less the mean of all
     */
    public record Embedding(ArtifactId model, int neighbours, double minSimilarity) {
        public Embedding {
            Checks.present("model", model);
            Checks.range("neighbours", neighbours, 1, 1_000);
            Checks.range("minSimilarity", minSimilarity, -1, 1);
        }
    }

    /**
     * Through the service whose address is in ATHANOR_TRANSLATION_URL (LibreTranslate's interface), or by asking the model behind
     * ATHANOR_GENERATION_URL, which {@code generation} describes.
     *
     * @param provider {@code service} or {@code generation}
     * @param language of the texts
     * @param pivot language that they are translated to and back from
     */
    public record Translation(String provider, String language, String pivot) {
        public Translation {
            Checks.oneOf("provider", provider, List.of("service", "generation"));
            Checks.notBlank("language", language);
            Checks.notBlank("pivot", pivot);
            Checks.that(!language.equals(pivot), "pivot", pivot, "another language than " + language);
        }
    }

    /**
     * By the model behind ATHANOR_GENERATION_URL (OpenAI's chat completions).
     *
     * @param prompt with the place holders {@code {text}} and {@code {label}}
     */
    public record Generation(String model, String prompt, double temperature, int maxTokens) {
        public Generation {
            Checks.notBlank("model", model);
            Checks.that(prompt != null && prompt.contains("{text}"), "prompt", prompt, "a prompt with {text} in it");
            Checks.range("temperature", temperature, 0, 2);
            Checks.range("maxTokens", maxTokens, 1, 100_000);
        }
    }

    /**
     * @param model artifact of {@code preprocessing.train-classifier} that knows the labels
     * @param minProbability of the original's label
     */
    public record Agreement(ArtifactId model, double minProbability) {
        public Agreement {
            Checks.present("model", model);
            Checks.range("minProbability", minProbability, 0, 1);
        }
    }

    public AugmentSpec {
        Checks.notEmpty("methods", methods);
        methods = List.copyOf(methods);
        for (int i = 0; i < methods.size(); i++) {
            Checks.oneOf("methods[" + i + "]", methods.get(i), METHODS);
        }
        Checks.range("copies", copies, 1, 100);
        Checks.range("share", share, 0, 1);
        Checks.range("rate", rate, 0, 1);
        Checks.range("maxCharacters", maxCharacters, 1, 10_000_000);
        Checks.that(
                embedding != null || !methods.contains("embedding"),
                "embedding",
                null,
                "a language model for the method 'embedding'");
        Checks.present("translation", translation);
        Checks.present("generation", generation);
        Checks.range("minLengthRatio", minLengthRatio, 0, 1);
        Checks.range("maxLengthRatio", maxLengthRatio, 1, 1_000);
    }
}
