package dev.athanor.standalone.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Shows a job's progress: a line a stage, redrawn in place on a terminal, and repeated now and then elsewhere. */
final class JobFollower {

    private static final long POLL_MILLIS = 500;
    private static final long PLAIN_INTERVAL_NANOS = 10_000_000_000L;

    private final GatewayClient gateway;
    private final PrintWriter out;
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private final Map<String, Long> lastShown = new HashMap<>();
    private final Set<String> ended = new HashSet<>();
    private final Map<String, Long> begun = new HashMap<>();

    JobFollower(GatewayClient gateway, PrintWriter out) {
        this.gateway = gateway;
        this.out = out;
    }

    /** Returns the job when it has ended. */
    JsonNode follow(String id) throws IOException, InterruptedException {
        while (true) {
            JsonNode job = gateway.get("/v1/jobs/" + id);
            job.path("stages").forEach(this::show);
            String status = job.path("status").asString();
            if (status.equals("succeeded") || status.equals("failed") || status.equals("cancelled")) {
                return job;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private void show(JsonNode stage) {
        String id = stage.path("id").asString();
        String status = stage.path("status").asString();
        long now = System.nanoTime();
        if (status.equals("pending") || ended.contains(id)) {
            return;
        }
        begun.putIfAbsent(id, now);
        boolean over = !status.equals("running") && !status.equals("paused");
        if (over) {
            ended.add(id);
            String error = stage.path("error").path("message").asString("");
            line("%-11s %-10s %6.1f s  %s".formatted(id, status, (now - begun.get(id)) / 1e9, error), true);
        } else if (terminal || now - lastShown.getOrDefault(id, now - PLAIN_INTERVAL_NANOS) >= PLAIN_INTERVAL_NANOS) {
            lastShown.put(id, now);
            line("%-11s %s".formatted(id, progress(stage.path("progress"))), false);
        }
    }

    private static String progress(JsonNode progress) {
        if (progress.isMissingNode() || progress.isNull()) {
            return "starting";
        }
        long done = progress.path("done").asLong();
        long total = progress.path("total").asLong();
        String unit = progress.path("unit").asString();
        var text = new StringBuilder();
        text.append(
                total > 0
                        ? "%3d %%  %d/%d %s".formatted(100 * done / total, done, total, unit)
                        : "%d %s".formatted(done, unit));
        double rate = progress.path("perSecond").asDouble(0);
        if (rate > 0) {
            text.append("  %.1f/s".formatted(rate));
        }
        JsonNode eta = progress.path("etaSeconds");
        if (eta.isNumber()) {
            text.append("  %d s left".formatted(eta.asLong()));
        }
        String message = progress.path("message").asString("");
        return message.isEmpty() ? text.toString() : text + "  " + message;
    }

    private void line(String text, boolean last) {
        if (terminal) {
            out.print("\r\u001b[2K" + text + (last ? "\n" : ""));
        } else {
            out.println(text);
        }
        out.flush();
    }
}
