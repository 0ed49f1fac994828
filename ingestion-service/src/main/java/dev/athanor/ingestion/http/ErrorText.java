package dev.athanor.ingestion.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * Why a server says no, for the dead letter: the header {@code X-Error-Message} (Hugging Face), else the beginning of a body
 * in JSON or plain text (govinfo, Kaggle, E-utilities, Common Crawl's index). Pages for people are left out.
 */
final class ErrorText {

    private static final int MAX_BYTES = 300;

    private ErrorText() {}

    static String of(Map<String, String> headers, @Nullable HttpEntity entity) {
        String said = headers.get("x-error-message");
        if (said == null) {
            String type = headers.getOrDefault("content-type", "");
            said = entity != null && (type.contains("json") || type.startsWith("text/plain")) ? body(entity) : "";
        }
        return said.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    private static String body(HttpEntity entity) {
        try (InputStream in = entity.getContent()) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // The status is known, and that is what counts.
        }
    }
}
