package dev.athanor.gateway.mlflow;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/** An MLflow server, through its own client, which knows no time limits: here each call has one. For one thread. */
public final class MlflowServer implements AutoCloseable {

    /** The server takes no part in this one, and will not take it later either. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(int status, @Nullable String body) {
            super("status " + status + (body == null ? "" : ": " + body.substring(0, Math.min(200, body.length()))));
        }
    }

    /** The server is away, too slow or in trouble. */
    static final class Away extends Exception {
        private static final long serialVersionUID = 1;

        Away(String message) {
            super(message);
        }
    }

    private static final String KEY_TAG = "athanor.run";

    private final MlflowSettings settings;
    private final Duration timeout;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mlflow-time-limit").factory());
    private @Nullable MlflowClient client;

    public MlflowServer(MlflowSettings settings) {
        this.settings = settings;
        this.timeout = settings.timeout();
    }

    /** Id of the experiment, which is made if there is none. */
    String experiment(String name) throws Refused, Away {
        return call(c -> c.getExperimentByName(name)
                .map(org.mlflow.api.proto.Service.Experiment::getExperimentId)
                .orElseGet(() -> {
                    try {
                        return c.createExperiment(name);
                    } catch (MlflowHttpException e) {
                        // Another gateway may have made it in the meantime.
                        return c.getExperimentByName(name)
                                .map(org.mlflow.api.proto.Service.Experiment::getExperimentId)
                                .orElseThrow(() -> e);
                    }
                }));
    }

    /**
     * The run with this key, or a new one: an earlier call may have made it without hearing the answer.
     *
     * @param key unique, of characters that need no quoting
     */
    String run(String experiment, String key, String name, Instant start) throws Refused, Away {
        return call(c -> c.searchRuns(List.of(experiment), "tags.`" + KEY_TAG + "` = '" + key + "'").stream()
                .map(org.mlflow.api.proto.Service.RunInfo::getRunId)
                .findFirst()
                .orElseGet(() -> c.createRun(CreateRun.newBuilder()
                                .setExperimentId(experiment)
                                .setStartTime(start.toEpochMilli())
                                .addTags(tag(KEY_TAG, key))
                                .addTags(tag("mlflow.runName", name))
                                .build())
                        .getRunId()));
    }

    /** At most 1000 in all, 100 each of parameters and tags. */
    void log(String runId, List<Metric> metrics, List<Param> params, List<RunTag> tags) throws Refused, Away {
        call(c -> {
            c.logBatch(runId, metrics, params, tags);
            return runId;
        });
    }

    void end(String runId, RunStatus status, Instant at) throws Refused, Away {
        call(c -> {
            c.setTerminated(runId, status, at.toEpochMilli());
            return runId;
        });
    }

    static RunTag tag(String key, String value) {
        return RunTag.newBuilder().setKey(key).setValue(value).build();
    }

    /** When the time is up the client is closed, which ends the call; the next one gets a new client. */
    private <T> T call(Function<MlflowClient, T> request) throws Refused, Away {
        MlflowClient current = client == null ? newClient() : client;
        client = current;
        var late = new AtomicBoolean();
        Future<?> end = watch.schedule(
                () -> {
                    late.set(true);
                    current.close();
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            return request.apply(current);
        } catch (MlflowHttpException e) {
            int status = e.getStatusCode();
            boolean final4xx = status >= 400
                    && status < 500
                    && !List.of(401, 403, 408, 429).contains(status);
            if (final4xx) {
                throw new Refused(status, e.getBodyMessage());
            }
            throw new Away("status " + status);
        } catch (RuntimeException e) {
            // No connection, no answer in time, or an answer that is not MLflow's.
            client = null;
            current.close();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new Away(late.get() ? "no answer within " + timeout : cause.toString());
        } finally {
            end.cancel(false);
            if (late.get()) {
                client = null;
            }
        }
    }

    private MlflowClient newClient() {
        String host = settings.url().toString().replaceAll("/+$", "");
        return new MlflowClient(
                settings.username() != null
                        ? new BasicMlflowHostCreds(host, settings.username(), settings.password())
                        : settings.token() != null
                                ? new BasicMlflowHostCreds(host, settings.token())
                                : new BasicMlflowHostCreds(host));
    }

    /** For people: without secrets. */
    URI url() {
        return settings.url();
    }

    @Override
    public void close() {
        watch.shutdownNow();
        if (client != null) {
            client.close();
        }
    }
}
