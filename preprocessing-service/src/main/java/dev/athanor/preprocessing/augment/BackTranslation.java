package dev.athanor.preprocessing.augment;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.spec.AugmentSpec;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** To another language and back (Sennrich et al. 2016), through a service with LibreTranslate's {@code /translate}. */
final class BackTranslation implements Augmenter {

    private final JsonService service;
    private final AugmentSpec.Translation spec;

    BackTranslation(JsonService service, AugmentSpec.Translation spec) {
        this.service = service;
        this.spec = spec;
    }

    @Override
    public String augment(String text, @Nullable String label, SplittableRandom random)
            throws IOException, InterruptedException {
        return translate(translate(text, spec.language(), spec.pivot()), spec.pivot(), spec.language());
    }

    private String translate(String text, String from, String to) throws IOException, InterruptedException {
        JsonNode answer = service.post("translate", Map.of("q", text, "source", from, "target", to, "format", "text"));
        JsonNode translated = answer.path("translatedText");
        if (!translated.isString()) {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST, "translation service: expected translatedText, got none");
        }
        return translated.asString();
    }
}
