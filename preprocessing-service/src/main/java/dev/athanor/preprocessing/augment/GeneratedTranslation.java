package dev.athanor.preprocessing.augment;

import dev.athanor.contracts.spec.AugmentSpec;
import java.io.IOException;
import java.util.Locale;
import java.util.SplittableRandom;

/** A language model that is asked for a translation: one of our own behind our inference service, or any other. */
final class GeneratedTranslation implements Translator {

    private final JsonService service;
    private final AugmentSpec.Generation spec;

    GeneratedTranslation(JsonService service, AugmentSpec.Generation spec) {
        this.service = service;
        this.spec = spec;
    }

    @Override
    public String translate(String text, String from, String to, SplittableRandom random)
            throws IOException, InterruptedException {
        String prompt = "Translate the following text from " + name(from) + " to " + name(to)
                + ". Answer with the translation only.\n\n" + text;
        return Generation.answer(service, spec, prompt, random);
    }

    private static String name(String language) {
        return Locale.forLanguageTag(language).getDisplayLanguage(Locale.ENGLISH);
    }
}
