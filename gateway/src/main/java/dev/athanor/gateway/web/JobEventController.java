package dev.athanor.gateway.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.gateway.persistence.JobEventRow;
import dev.athanor.gateway.service.JobService;
import dev.athanor.gateway.service.JobSignals;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Events of a job: a list, or a stream of server-sent events that goes on until the job has ended. */
@RestController
@RequestMapping("/v1/jobs/{id}/events")
@Tag(name = "Jobs")
class JobEventController {

    private static final int MOST_EVENTS = 1000;
    private static final int MOST_STREAMS = 500;
    private static final long LOOK_AGAIN_MILLIS = 1000;
    private static final int SILENT_LOOKS_BEFORE_A_COMMENT = 15;

    private final JobService jobs;
    private final JobSignals signals;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);
    private volatile boolean closing;

    JobEventController(JobService jobs, JobSignals signals) {
        this.jobs = jobs;
        this.signals = signals;
    }

    @Operation(summary = "Events of a job, oldest first")
    @GetMapping(produces = "application/json")
    Page<EventView> list(
            @PathVariable String id,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(defaultValue = "0") long after) {
        Page.limit(limit, MOST_EVENTS);
        Page.requireParameter(after >= 0, "after", after, "the number of an event, or 0");
        jobs.get(id);
        return Page.of(jobs.events(id, after, limit + 1), limit, EventView::of, row -> String.valueOf(row.sequence()));
    }

    /** Runs on the request's virtual thread: waiting costs next to nothing. */
    @Operation(summary = "Follow a job: server-sent events, from Last-Event-ID on, ended by an event 'end'")
    @GetMapping(produces = "text/event-stream")
    void follow(
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", defaultValue = "0") long lastEventId,
            HttpServletResponse response)
            throws InterruptedException {
        Page.requireParameter(lastEventId >= 0, "Last-Event-ID", lastEventId, "the number of an event, or 0");
        jobs.get(id);
        if (!streams.tryAcquire()) {
            throw new AthanorException(
                    ErrorCode.RATE_LIMITED, "more than " + MOST_STREAMS + " event streams are open; try again later");
        }
        try (JobSignals.Listener listener = signals.listen(id)) {
            response.setContentType("text/event-stream;charset=UTF-8");
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no");
            send(id, lastEventId, listener, response);
        } catch (IOException gone) {
            // The caller has hung up, which is how most streams end.
        } finally {
            streams.release();
        }
    }

    private void send(String id, long after, JobSignals.Listener listener, HttpServletResponse response)
            throws IOException, InterruptedException {
        var out = response.getOutputStream();
        long last = after;
        int silent = 0;
        comment(response, "hello");
        while (!closing) {
            List<JobEventRow> news = jobs.events(id, last, MOST_EVENTS);
            for (JobEventRow row : news) {
                EventView event = EventView.of(row);
                out.write(message(String.valueOf(event.id()), event.type(), Json.MAPPER.writeValueAsString(event)));
                last = event.id();
            }
            silent = news.isEmpty() ? silent + 1 : 0;
            if (news.isEmpty() && ended(id)) {
                out.write(message(null, "end", "{}"));
                response.flushBuffer();
                return;
            }
            if (!news.isEmpty()) {
                response.flushBuffer();
            } else if (silent % SILENT_LOOKS_BEFORE_A_COMMENT == 0) {
                comment(response, "still here");
            }
            listener.await(LOOK_AGAIN_MILLIS);
        }
    }

    private boolean ended(String id) {
        return jobs.get(id).status().terminal();
    }

    private static void comment(HttpServletResponse response, String text) throws IOException {
        response.getOutputStream().write((": " + text + "\n\n").getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }

    private static byte[] message(@Nullable String id, String type, String json) {
        String head = id == null ? "" : "id: " + id + "\n";
        return (head + "event: " + type + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    @EventListener(ContextClosedEvent.class)
    void close() {
        closing = true;
    }
}
