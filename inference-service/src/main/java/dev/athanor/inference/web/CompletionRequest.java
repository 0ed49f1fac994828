package dev.athanor.inference.web;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.lm.generate.Sampling;
import dev.athanor.tokenizers.ChatTokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/**
 * A request of OpenAI's {@code /completions} or {@code /chat/completions}. Unknown fields are ignored, as clients send
 * many. Beyond OpenAI's fields: {@code top_k}, {@code min_p}, {@code repetition_penalty}.
 *
 * @param model a language model in the artifact store
 * @param prompts of {@code /completions}; empty for a conversation
 * @param turns of {@code /chat/completions}
 * @param choices continuations of each prompt
 * @param stream whether texts are sent while they grow
 * @param usageAtEnd whether a stream ends with the counts of tokens
 */
record CompletionRequest(
        ArtifactId model,
        List<String> prompts,
        List<ChatTokens.Turn> turns,
        int choices,
        Sampling sampling,
        boolean stream,
        boolean usageAtEnd) {

    private static final int MOST_CHOICES = 16;
    private static final int MOST_TOKENS = 4096;
    private static final int MOST_TURNS = 256;
    private static final int MOST_STOPS = 16;
    private static final int MOST_BYTES = 256 << 10;

    /** What {@code max_tokens} is where it is absent; OpenAI's of {@code /completions}, and a bound of our own. */
    private static final int TEXT_TOKENS = 16;

    private static final int CHAT_TOKENS = 256;

    static CompletionRequest ofText(JsonNode body) {
        return read(body, () -> {
            List<String> prompts = texts("prompt", body.path("prompt"), MOST_CHOICES);
            Checks.notEmpty("prompt", prompts);
            return request(body, prompts, List.of(), TEXT_TOKENS);
        });
    }

    static CompletionRequest ofChat(JsonNode body) {
        return read(body, () -> {
            JsonNode messages = body.path("messages");
            Checks.that(
                    messages.isArray() && !messages.isEmpty() && messages.size() <= MOST_TURNS,
                    "messages",
                    messages.isArray() ? messages.size() + " messages" : messages.toString(),
                    "an array of 1 to " + MOST_TURNS + " messages");
            List<ChatTokens.Turn> turns = new ArrayList<>();
            for (int i = 0; i < messages.size(); i++) {
                String field = "messages[" + i + "].";
                turns.add(new ChatTokens.Turn(
                        role(field + "role", messages.get(i).path("role").asString("")),
                        text(field + "content", messages.get(i).path("content"))));
            }
            return request(body, List.of(), List.copyOf(turns), CHAT_TOKENS);
        });
    }

    private interface Reading {
        CompletionRequest read();
    }

    private static CompletionRequest read(JsonNode body, Reading reading) {
        try {
            Checks.that(body.isObject(), "", body, "a JSON object");
            return reading.read();
        } catch (AthanorException e) {
            throw RequestBodies.asRequestFault(e);
        } catch (IllegalArgumentException e) {
            throw new AthanorException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private static CompletionRequest request(
            JsonNode body, List<String> prompts, List<ChatTokens.Turn> turns, int tokens) {
        boolean stream = flag("stream", body.path("stream"));
        JsonNode options = body.path("stream_options");
        Checks.that(
                options.isMissingNode() || options.isNull() || options.isObject(),
                "stream_options",
                options.toString(),
                "an object");
        boolean usageAtEnd = flag("stream_options.include_usage", options.path("include_usage"));
        int choices = whole(body, "n", 1, 1, MOST_CHOICES);
        Checks.range("n", (long) choices * Math.max(1, prompts.size()), 1, MOST_CHOICES);
        JsonNode stop = body.path("stop");
        var sampling = new Sampling(
                whole(
                        body,
                        body.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens",
                        tokens,
                        1,
                        MOST_TOKENS),
                number(body, "temperature", 1, 0, 100),
                whole(body, "top_k", 0, 0, 1 << 20),
                number(body, "top_p", 1, 1e-9, 1),
                number(body, "min_p", 0, 0, 1),
                number(body, "repetition_penalty", 1, 1e-3, 100),
                List.of(),
                stop.isNull() ? List.of() : texts("stop", stop, MOST_STOPS),
                body.path("seed").isIntegralNumber()
                        ? body.path("seed").asLong()
                        : ThreadLocalRandom.current().nextLong());
        return new CompletionRequest(
                new ArtifactId(body.path("model").asString("")), prompts, turns, choices, sampling, stream, usageAtEnd);
    }

    private static boolean flag(String field, JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return false;
        }
        Checks.that(node.isBoolean(), field, node.toString(), "true or false");
        return node.asBoolean();
    }

    private static ChatTokens.Role role(String field, String role) {
        Checks.oneOf(field, role, List.of("system", "developer", "user", "assistant"));
        return switch (role) {
            case "user" -> ChatTokens.Role.USER;
            case "assistant" -> ChatTokens.Role.ASSISTANT;
            default -> ChatTokens.Role.SYSTEM;
        };
    }

    private static List<String> texts(String field, JsonNode node, int most) {
        if (node.isMissingNode()) {
            return List.of();
        }
        if (!node.isArray()) {
            return List.of(text(field, node));
        }
        Checks.that(node.size() <= most, field, node.size() + " texts", "at most " + most + " texts");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            texts.add(text(field + "[" + i + "]", node.get(i)));
        }
        return List.copyOf(texts);
    }

    private static String text(String field, JsonNode node) {
        boolean fits = node.isString()
                && node.asString().length() <= MOST_BYTES
                && node.asString().getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
        Checks.that(
                fits,
                field,
                node.isString() ? node.asString() : node.toString(),
                "a text of at most " + MOST_BYTES + " bytes in UTF-8");
        return node.asString();
    }

    private static int whole(JsonNode body, String field, int absent, int least, int most) {
        JsonNode node = body.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        Checks.that(
                node.isIntegralNumber() && node.canConvertToLong(),
                field,
                node.toString(),
                "a whole number from " + least + " to " + most);
        Checks.range(field, node.asLong(), least, most);
        return node.asInt();
    }

    private static double number(JsonNode body, String field, double absent, double least, double most) {
        JsonNode node = body.path(field);
        if (node.isMissingNode() || node.isNull()) {
            return absent;
        }
        Checks.that(node.isNumber(), field, node.toString(), "a number from " + least + " to " + most);
        Checks.range(field, node.asDouble(), least, most);
        return node.asDouble();
    }
}
