package dev.athanor.inference.web;

import dev.athanor.contracts.error.Checks;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/sentiment}.
 *
 * @param deployment {@code sentiment} where absent
 * @param texts what to label, at most 256 texts of at most 64 KiB each
 */
public record SentimentRequest(@Nullable String deployment, List<String> texts) {

    static final String DEFAULT_DEPLOYMENT = "sentiment";
    static final int MAX_TEXTS = 256;
    static final int MAX_BYTES = 64 << 10;

    public SentimentRequest {
        Checks.that(
                texts != null && !texts.isEmpty() && texts.size() <= MAX_TEXTS,
                "texts",
                texts == null ? null : texts.size() + " texts",
                "an array of 1 to " + MAX_TEXTS + " texts");
        for (int i = 0; i < texts.size(); i++) {
            checkText("texts[" + i + "]", texts.get(i));
        }
        texts = List.copyOf(texts);
    }

    String deploymentOrDefault() {
        return deployment == null ? DEFAULT_DEPLOYMENT : deployment;
    }

    static void checkText(String field, @Nullable String text) {
        boolean fits = text != null
                && text.length() <= MAX_BYTES
                && (text.length() <= MAX_BYTES / 3 || text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES);
        Checks.that(fits, field, text, "a text of at most " + MAX_BYTES + " bytes in UTF-8");
    }
}
