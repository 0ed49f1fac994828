package dev.athanor.inference.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.inference.generation.GrowingTexts;
import dev.athanor.inference.generation.GrowingTexts.Part;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends the parts of an answer as server-sent events, as OpenAI does: {@code data: {…}} each, at last {@code data: [DONE]}. */
final class CompletionStream {

    /** After so long without a part a comment is sent, so that a caller who has gone is noticed. */
    private static final long SILENCE_MILLIS = 2_000;

    private final CompletionAnswers answers;
    private final GrowingTexts texts;
    private final HttpServletResponse response;

    CompletionStream(CompletionAnswers answers, GrowingTexts texts, HttpServletResponse response) {
        this.answers = answers;
        this.texts = texts;
        this.response = response;
    }

    /**
     * Returns when all has been sent, or the caller has gone; then the generation is cancelled.
     *
     * @param choices texts that will come
     * @param usage known when they have come
     * @throws AthanorException what was wrong with the request, before anything was sent
     */
    void send(int choices, Supplier<CompletionAnswers.Usage> usage) throws InterruptedException {
        try {
            texts.awaitBegin();
            response.setContentType("text/event-stream;charset=UTF-8");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no");
            if (answers.form() == CompletionAnswers.Form.CHAT) {
                for (int i = 0; i < choices; i++) {
                    event(answers.speaker(i));
                }
            }
            response.flushBuffer();
            parts(usage);
        } catch (IOException gone) {
            // The caller has hung up: nobody is left to be told.
        } finally {
            texts.cancel();
        }
    }

    private void parts(Supplier<CompletionAnswers.Usage> usage) throws IOException, InterruptedException {
        try {
            for (List<Part> parts = texts.take(SILENCE_MILLIS); parts != null; parts = texts.take(SILENCE_MILLIS)) {
                for (Part part : parts) {
                    if (!part.text().isEmpty()) {
                        event(answers.text(part));
                    }
                    Boolean stopped = part.stopped();
                    if (stopped != null) {
                        event(answers.end(part.sequence(), stopped));
                    }
                }
                if (parts.isEmpty()) {
                    write(": still here\n\n");
                }
                response.flushBuffer();
            }
            if (answers.usageAtEnd()) {
                event(answers.usage(usage.get()));
            }
            write("data: [DONE]\n\n");
        } catch (RuntimeException e) {
            event(error(e));
        }
        response.flushBuffer();
    }

    /** The status is out already, so that what went wrong can only be told as an event. */
    private static Map<String, @Nullable Object> error(RuntimeException e) {
        ErrorCode code = e instanceof AthanorException known ? known.code() : ErrorCode.INTERNAL;
        String message = e instanceof AthanorException ? String.valueOf(e.getMessage()) : "something went wrong inside";
        return Map.of("error", Map.of("message", message, "type", code.slug(), "code", code.httpStatus()));
    }

    private void event(Map<String, @Nullable Object> json) throws IOException {
        write("data: " + Json.MAPPER.writeValueAsString(json) + "\n\n");
    }

    private void write(String text) throws IOException {
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
