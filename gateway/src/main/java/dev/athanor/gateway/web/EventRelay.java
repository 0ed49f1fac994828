package dev.athanor.gateway.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Passes the server-sent events of another service on as they come. When the caller hangs up, the service's stream is closed, so that it
 * notices too.
 */
final class EventRelay {

    private static final int MOST_STREAMS = 500;

    private final ServiceClient service;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);

    EventRelay(ServiceClient service) {
        this.service = service;
    }

    /** @throws AthanorException as {@link ServiceClient#get}, before anything was sent */
    void post(String path, Object request, HttpServletResponse response) {
        if (!streams.tryAcquire()) {
            throw new AthanorException(
                    ErrorCode.RATE_LIMITED,
                    "more than " + MOST_STREAMS + " answers are being streamed; try again later");
        }
        try (InputStream events = service.open(path, request, "text/event-stream")) {
            response.setContentType("text/event-stream;charset=UTF-8");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no");
            copy(events, response);
        } catch (IOException gone) {
            // The caller has hung up.
        } finally {
            streams.release();
        }
    }

    /** @throws IOException if the caller has gone */
    private static void copy(InputStream events, HttpServletResponse response) throws IOException {
        OutputStream out = response.getOutputStream();
        var buffer = new byte[8192];
        while (true) {
            int read;
            try {
                read = events.read(buffer);
            } catch (IOException e) {
                // The status is out already, so that it can only be told as an event.
                out.write(("data: " + Json.MAPPER.writeValueAsString(broken()) + "\n\n")
                        .getBytes(StandardCharsets.UTF_8));
                response.flushBuffer();
                return;
            }
            if (read < 0) {
                response.flushBuffer();
                return;
            }
            out.write(buffer, 0, read);
            response.flushBuffer();
        }
    }

    private static Map<String, Object> broken() {
        ErrorCode code = ErrorCode.UNAVAILABLE;
        return Map.of(
                "error",
                Map.of(
                        "message",
                        "the inference service's answer broke off",
                        "type",
                        code.slug(),
                        "code",
                        code.httpStatus()));
    }
}
