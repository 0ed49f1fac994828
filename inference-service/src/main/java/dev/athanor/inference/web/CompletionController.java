package dev.athanor.inference.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.inference.config.InferenceProperties;
import dev.athanor.inference.generation.GrowingTexts;
import dev.athanor.inference.generation.LoadedGenerators;
import dev.athanor.inference.generation.TextGenerator;
import dev.athanor.inference.generation.TextGenerator.Completion;
import dev.athanor.inference.generation.TextProgress;
import dev.athanor.inference.metrics.GenerationMetrics;
import dev.athanor.inference.web.CompletionAnswers.Form;
import dev.athanor.inference.web.CompletionAnswers.Usage;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Language models go on with texts and conversations, in OpenAI's form. */
@RestController
class CompletionController {

    private static final Logger LOG = LoggerFactory.getLogger(CompletionController.class);

    private final LoadedGenerators generators;
    private final GenerationMetrics metrics;
    private final InferenceProperties.Generation limits;
    private final Semaphore streams;

    CompletionController(LoadedGenerators generators, GenerationMetrics metrics, InferenceProperties properties) {
        this.generators = generators;
        this.metrics = metrics;
        this.limits = properties.generation();
        // As many as may wait, and the one whose turn it is: those that only send what is left count too.
        this.streams = new Semaphore(limits.queue() + 1);
    }

    private record Outcome(List<Completion> completions, Usage usage) {}

    @PostMapping(
            path = "/v1/completions",
            produces = {"application/json", "text/event-stream"})
    @Nullable
    Map<String, @Nullable Object> completions(@RequestBody JsonNode body, HttpServletResponse response)
            throws InterruptedException {
        return answer(CompletionRequest.ofText(body), Form.TEXT, response);
    }

    @PostMapping(
            path = "/v1/chat/completions",
            produces = {"application/json", "text/event-stream"})
    @Nullable
    Map<String, @Nullable Object> chat(@RequestBody JsonNode body, HttpServletResponse response)
            throws InterruptedException {
        return answer(CompletionRequest.ofChat(body), Form.CHAT, response);
    }

    /** Null where the answer has been sent in parts. */
    private @Nullable Map<String, @Nullable Object> answer(
            CompletionRequest request, Form form, HttpServletResponse response) throws InterruptedException {
        CompletionAnswers answers = CompletionAnswers.to(request, form);
        if (!request.stream()) {
            Outcome outcome = complete(request, TextProgress.NONE, () -> {});
            return answers.whole(outcome.completions(), outcome.usage());
        }
        if (!streams.tryAcquire()) {
            throw new AthanorException(
                    ErrorCode.RATE_LIMITED,
                    "more than " + limits.queue() + " answers are being streamed already; try again in a moment");
        }
        try {
            stream(request, answers, response);
        } finally {
            streams.release();
        }
        return null;
    }

    /** Generates on a thread of its own: who reads slowly must not keep others waiting for their turn. */
    private void stream(CompletionRequest request, CompletionAnswers answers, HttpServletResponse response)
            throws InterruptedException {
        var texts = new GrowingTexts();
        var usage = new AtomicReference<Usage>();
        Thread.ofVirtual().name("generation").start(() -> {
            try {
                usage.set(complete(request, texts, texts::begin).usage());
                texts.finish();
            } catch (CancellationException gone) {
                texts.finish();
            } catch (RuntimeException e) {
                if (!(e instanceof AthanorException)) {
                    LOG.error("a text could not be generated", e);
                }
                texts.fail(e);
            } catch (Error e) {
                texts.fail(new IllegalStateException("generation failed", e));
                throw e;
            }
        });
        int choices = request.choices() * Math.max(1, request.prompts().size());
        new CompletionStream(answers, texts, response).send(choices, () -> Objects.requireNonNull(usage.get()));
    }

    /** @param begin is called when the prompts have been accepted */
    private Outcome complete(CompletionRequest request, TextProgress progress, Runnable begin) {
        long deadline = System.nanoTime() + limits.timeout().toNanos();
        return metrics.timed(() -> generators.use(request.model(), deadline, generator -> {
            progress.goOn();
            List<int[]> prompts = prompts(request, generator);
            begin.run();
            List<int[]> all = prompts.stream()
                    .flatMap(prompt -> Collections.nCopies(request.choices(), prompt).stream())
                    .toList();
            List<Completion> completions = generator.complete(all, request.sampling(), deadline, progress);
            var outcome = new Outcome(
                    completions,
                    Usage.of(prompts.stream().mapToInt(prompt -> prompt.length).sum(), completions));
            metrics.tokens(outcome.usage().texts());
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
}
