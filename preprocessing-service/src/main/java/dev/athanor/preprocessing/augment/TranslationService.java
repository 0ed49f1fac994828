package dev.athanor.preprocessing.augment;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/** A service with LibreTranslate's {@code /translate}. */
final class TranslationService implements Translator {

    private final JsonService service;

    TranslationService(JsonService service) {
        this.service = service;
    }

    @Override
    public String translate(String text, String from, String to, SplittableRandom random)
            throws IOException, InterruptedException {
        JsonNode answer = service.post("translate", Map.of("q", text, "source", from, "target", to, "format", "text"));
        JsonNode translated = answer.path("translatedText");
        if (!translated.isString()) {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST, "translation service: expected translatedText, got none");
        }
        return translated.asString();
    }
}
