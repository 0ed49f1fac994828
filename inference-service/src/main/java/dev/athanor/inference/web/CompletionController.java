package dev.athanor.inference.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.inference.config.InferenceProperties;
import dev.athanor.inference.generation.LoadedGenerators;
import dev.athanor.inference.generation.TextGenerator;
import dev.athanor.inference.generation.TextGenerator.Completion;
import dev.athanor.inference.metrics.GenerationMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Language models go on with texts and conversations, in OpenAI's form. */
@RestController
class CompletionController {

    private final LoadedGenerators generators;
    private final GenerationMetrics metrics;
    private final InferenceProperties.Generation limits;

    CompletionController(LoadedGenerators generators, GenerationMetrics metrics, InferenceProperties properties) {
        this.generators = generators;
        this.metrics = metrics;
        this.limits = properties.generation();
    }

    /** @param tokens of all prompts */
    private record Outcome(List<Completion> completions, int tokens) {}

    @PostMapping(path = "/v1/completions", produces = "application/json")
    Map<String, Object> completions(@RequestBody JsonNode body) {
        CompletionRequest request = CompletionRequest.ofText(body);
        Outcome outcome = complete(request);
        return answer(
                "cmpl-",
                "text_completion",
                request,
                outcome,
                (i, completion) -> choice(i, completion, "text", completion.text()));
    }

    @PostMapping(path = "/v1/chat/completions", produces = "application/json")
    Map<String, Object> chat(@RequestBody JsonNode body) {
        CompletionRequest request = CompletionRequest.ofChat(body);
        Outcome outcome = complete(request);
        return answer(
                "chatcmpl-",
                "chat.completion",
                request,
                outcome,
                (i, completion) ->
                        choice(i, completion, "message", Map.of("role", "assistant", "content", completion.text())));
    }

    private Outcome complete(CompletionRequest request) {
        long deadline = System.nanoTime() + limits.timeout().toNanos();
        return metrics.timed(() -> generators.use(request.model(), deadline, generator -> {
            List<int[]> prompts = prompts(request, generator);
            List<int[]> all = prompts.stream()
                    .flatMap(prompt -> Collections.nCopies(request.choices(), prompt).stream())
                    .toList();
            var outcome = new Outcome(
                    generator.complete(all, request.sampling(), deadline),
                    prompts.stream().mapToInt(prompt -> prompt.length).sum());
            metrics.tokens(
                    outcome.completions().stream().mapToInt(Completion::tokens).sum());
            return outcome;
        }));
    }

    private static List<int[]> prompts(CompletionRequest request, TextGenerator generator) {
        List<int[]> prompts = new ArrayList<>();
        if (request.prompts().isEmpty()) {
            prompts.add(generator.prompt(request.turns()));
        }
        request.prompts().forEach(prompt -> prompts.add(generator.prompt(prompt)));
        for (int[] prompt : prompts) {
            if (prompt.length == 0 || prompt.length >= generator.context()) {
                throw new AthanorException(
                        ErrorCode.INVALID_REQUEST,
                        "the prompt has " + prompt.length + " tokens, expected 1 to " + (generator.context() - 1)
                                + ": the model reads " + generator.context());
            }
        }
        return prompts;
    }

    private interface Choice {
        Map<String, Object> of(int index, Completion completion);
    }

    private static Map<String, Object> choice(int index, Completion completion, String name, Object said) {
        return Map.of("index", index, name, said, "finish_reason", completion.stopped() ? "stop" : "length");
    }

    private static Map<String, Object> answer(
            String prefix, String object, CompletionRequest request, Outcome outcome, Choice choice) {
        List<Completion> completions = outcome.completions();
        int said = completions.stream().mapToInt(Completion::tokens).sum();
        return Map.of(
                "id",
                prefix + UUID.randomUUID(),
                "object",
                object,
                "created",
                Instant.now().getEpochSecond(),
                "model",
                request.model().value(),
                "choices",
                IntStream.range(0, completions.size())
                        .mapToObj(i -> choice.of(i, completions.get(i)))
                        .toList(),
                "usage",
                Map.of(
                        "prompt_tokens",
                        outcome.tokens(),
                        "completion_tokens",
                        said,
                        "total_tokens",
                        outcome.tokens() + said));
    }
}
