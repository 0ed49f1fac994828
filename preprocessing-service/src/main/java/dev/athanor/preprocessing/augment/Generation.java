package dev.athanor.preprocessing.augment;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.spec.AugmentSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A language model's answer to a prompt with the text in it, through OpenAI's {@code /chat/completions}; the seed is passed on. */
final class Generation implements Augmenter {

    private final JsonService service;
    private final AugmentSpec.Generation spec;

    Generation(JsonService service, AugmentSpec.Generation spec) {
        this.service = service;
        this.spec = spec;
    }

    @Override
    public String augment(String text, @Nullable String label, SplittableRandom random)
            throws IOException, InterruptedException {
        // The text last: what looks like a place holder in it stays.
        String prompt =
                spec.prompt().replace("{label}", label == null ? "" : label).replace("{text}", text);
        return answer(service, spec, prompt, random);
    }

    static String answer(JsonService service, AugmentSpec.Generation spec, String prompt, SplittableRandom random)
            throws IOException, InterruptedException {
        JsonNode answer = service.post(
                "chat/completions",
                Map.of(
                        "model", spec.model(),
                        "messages", List.of(Map.of("role", "user", "content", prompt)),
                        "temperature", spec.temperature(),
                        "max_tokens", spec.maxTokens(),
                        "seed", random.nextInt(Integer.MAX_VALUE)));
        JsonNode content = answer.path("choices").path(0).path("message").path("content");
        if (!content.isString()) {
            throw new AthanorException(
                    ErrorCode.INVALID_REQUEST, "generation service: expected choices[0].message.content, got none");
        }
        return content.asString().strip();
    }
}
