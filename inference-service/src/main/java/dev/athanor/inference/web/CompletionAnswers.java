package dev.athanor.inference.web;

import dev.athanor.inference.generation.GrowingTexts.Part;
import dev.athanor.inference.generation.TextGenerator.Completion;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's answers to one request, whole and in parts.
 *
 * @param form of texts or of conversations
 * @param created seconds since 1970
 * @param usageAtEnd whether the last part tells the counts of tokens, and all before it that they do not
 */
record CompletionAnswers(Form form, String id, long created, String model, boolean usageAtEnd) {

    enum Form {
        TEXT("cmpl-", "text_completion", "text_completion"),
        CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk");

        private final String prefix;
        private final String whole;
        private final String part;

        Form(String prefix, String whole, String part) {
            this.prefix = prefix;
            this.whole = whole;
            this.part = part;
        }
    }

    /**
     * @param prompts tokens of all prompts
     * @param texts tokens of all texts
     */
    record Usage(int prompts, int texts) {

        static Usage of(int prompts, List<Completion> completions) {
            return new Usage(
                    prompts, completions.stream().mapToInt(Completion::tokens).sum());
        }

        private Map<String, @Nullable Object> json() {
            return Map.of("prompt_tokens", prompts, "completion_tokens", texts, "total_tokens", prompts + texts);
        }
    }

    static CompletionAnswers to(CompletionRequest request, Form form) {
        return new CompletionAnswers(
                form,
                form.prefix + UUID.randomUUID(),
                Instant.now().getEpochSecond(),
                request.model().value(),
                request.usageAtEnd());
    }

    Map<String, @Nullable Object> whole(List<Completion> completions, Usage usage) {
        var answer = head(form.whole);
        answer.put(
                "choices",
                IntStream.range(0, completions.size())
                        .mapToObj(i -> whole(i, completions.get(i)))
                        .toList());
        answer.put("usage", usage.json());
        return answer;
    }

    private Map<String, @Nullable Object> whole(int index, Completion completion) {
        return form == Form.TEXT
                ? choice(index, "text", completion.text(), completion.stopped())
                : choice(
                        index,
                        "message",
                        Map.of("role", "assistant", "content", completion.text()),
                        completion.stopped());
    }

    /** Who speaks: the first part of a conversation's choice. */
    Map<String, @Nullable Object> speaker(int index) {
        return part(choice(index, "delta", Map.of("role", "assistant", "content", ""), null));
    }

    /** What is new of a text, if anything is. */
    Map<String, @Nullable Object> text(Part part) {
        return part(
                form == Form.TEXT
                        ? choice(part.sequence(), "text", part.text(), null)
                        : choice(part.sequence(), "delta", Map.of("content", part.text()), null));
    }

    /** Why a text ended. */
    Map<String, @Nullable Object> end(int index, boolean stopped) {
        return part(form == Form.TEXT ? choice(index, "text", "", stopped) : choice(index, "delta", Map.of(), stopped));
    }

    /** The last part, of no choice. */
    Map<String, @Nullable Object> usage(Usage usage) {
        var answer = head(form.part);
        answer.put("choices", List.of());
        answer.put("usage", usage.json());
        return answer;
    }

    private Map<String, @Nullable Object> part(Map<String, @Nullable Object> choice) {
        var answer = head(form.part);
        answer.put("choices", List.of(choice));
        if (usageAtEnd) {
            answer.put("usage", null);
        }
        return answer;
    }

    private Map<String, @Nullable Object> head(String object) {
        var head = new LinkedHashMap<String, @Nullable Object>();
        head.put("id", id);
        head.put("object", object);
        head.put("created", created);
        head.put("model", model);
        return head;
    }

    private static Map<String, @Nullable Object> choice(
            int index, String name, Object said, @Nullable Boolean stopped) {
        var choice = new LinkedHashMap<String, @Nullable Object>();
        choice.put("index", index);
        choice.put(name, said);
        choice.put("logprobs", null);
        choice.put("finish_reason", stopped == null ? null : stopped ? "stop" : "length");
        return choice;
    }
}
