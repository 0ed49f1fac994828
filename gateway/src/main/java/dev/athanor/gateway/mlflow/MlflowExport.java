package dev.athanor.gateway.mlflow;

import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.job.StageSpec;
import dev.athanor.gateway.job.JobState;
import dev.athanor.gateway.job.StageState;
import dev.athanor.gateway.mlflow.MlflowServer.Away;
import dev.athanor.gateway.mlflow.MlflowServer.Refused;
import dev.athanor.gateway.persistence.MlflowRuns;
import dev.athanor.gateway.persistence.MlflowRuns.Placed;
import dev.athanor.gateway.persistence.MlflowRuns.Run;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells an MLflow server of one attempt at a stage: whatever it does not have yet. */
public final class MlflowExport {

    private static final Logger LOG = LoggerFactory.getLogger(MlflowExport.class);
    /** Limits of the server for one request. */
    private static final int MOST_METRICS = 1000;

    private static final int MOST_PARAMS = 100;
    private static final int MOST_VALUE = 500;
    /** Of one batch: enough to find a handful of metrics that are refused. */
    private static final int MOST_REFUSALS = 64;

    private final MlflowServer server;
    private final MlflowRuns runs;
    private final String defaultExperiment;
    private final Counter sent;
    private final Counter refused;
    private final Set<String> complained = java.util.concurrent.ConcurrentHashMap.newKeySet();

    public MlflowExport(MlflowServer server, MlflowRuns runs, String defaultExperiment, MeterRegistry registry) {
        this.server = server;
        this.runs = runs;
        this.defaultExperiment = defaultExperiment;
        this.sent = counter(registry, "sent");
        this.refused = counter(registry, "refused");
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("athanor.gateway.mlflow.points")
                .description("Metric points told to the MLflow server")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** @throws Away if the rest is to be told later */
    void tell(Run run, JobState job) throws Away {
        StageSpec spec = job.stageSpec(run.stageId());
        StageState stage = Objects.requireNonNull(job.stage(run.stageId()));
        try {
            String id = run.runId() != null ? run.runId() : open(run, job, spec, stage);
            sendPoints(run, id);
            boolean over = run.attempt() < stage.attempt();
            if (over || stage.finishedAt() != null) {
                end(id, stage, over);
            }
        } catch (Refused e) {
            complain(run, e);
        }
    }

    private String open(Run run, JobState job, StageSpec spec, StageState stage) throws Refused, Away {
        String name = job.spec().experiment();
        Instant start = stage.startedAt() == null ? job.createdAt() : stage.startedAt();
        String id = server.run(
                server.experiment(name == null ? defaultExperiment : name),
                run.key(),
                job.spec().name() + " / " + spec.id(),
                start);
        List<Param> params = params(job, spec);
        for (int from = 0; from < params.size(); from += MOST_PARAMS) {
            List<Param> part = params.subList(from, Math.min(params.size(), from + MOST_PARAMS));
            server.log(id, List.of(), part, from == 0 ? tags(run, job, spec) : List.of());
        }
        runs.opened(run, id);
        return id;
    }

    private static List<RunTag> tags(Run run, JobState job, StageSpec spec) {
        List<RunTag> tags = new ArrayList<>();
        tags.add(MlflowServer.tag("athanor.job", job.id()));
        tags.add(MlflowServer.tag("athanor.stage", spec.id()));
        tags.add(MlflowServer.tag("athanor.stage_type", spec.type().id()));
        tags.add(MlflowServer.tag("athanor.attempt", Integer.toString(run.attempt())));
        var inputs = job.inputsOf(spec);
        if (inputs != null) {
            inputs.forEach((role, artifact) -> tags.add(MlflowServer.tag("athanor.input." + role, artifact.value())));
        }
        return tags;
    }

    /** The specification, one parameter a leaf: {@code model.layers}. */
    private static List<Param> params(JobState job, StageSpec spec) {
        Map<String, String> leaves = new TreeMap<>();
        leaves.put("seed", Long.toString(job.spec().seed()));
        flatten("", spec.spec(), leaves);
        return leaves.entrySet().stream()
                // The server takes no blank values.
                .filter(leaf -> !leaf.getValue().isBlank() && leaf.getKey().length() <= 250)
                .map(leaf -> Param.newBuilder()
                        .setKey(leaf.getKey().replaceAll("[^A-Za-z0-9_\\-./ ]", "_"))
                        .setValue(cut(leaf.getValue()))
                        .build())
                .toList();
    }

    private static void flatten(String path, tools.jackson.databind.JsonNode node, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties()
                    .forEach(e -> flatten(path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), leaves));
        } else if (!node.isNull() && !(node.isArray() && node.isEmpty())) {
            leaves.put(path, node.isString() ? node.asString() : node.toString());
        }
    }

    private static String cut(String value) {
        return value.length() <= MOST_VALUE ? value : value.substring(0, MOST_VALUE - 1) + "…";
    }

    private void sendPoints(Run run, String id) throws Away {
        long place = run.place();
        for (List<Placed> points = runs.points(run, place, MOST_METRICS);
                !points.isEmpty();
                points = runs.points(run, place, MOST_METRICS)) {
            log(run, id, points, MOST_REFUSALS);
            place = points.getLast().place();
            runs.sent(run, place);
        }
    }

    /**
     * Where the server refuses some of the points, looks for them by halves: the others are told.
     *
     * @param patience refusals after which the rest is taken for refused too
     * @return what is left of it
     */
    private int log(Run run, String id, List<Placed> points, int patience) throws Away {
        if (patience == 0) {
            refused.increment(points.size());
            return 0;
        }
        try {
            server.log(id, points.stream().map(MlflowExport::metric).toList(), List.of(), List.of());
            sent.increment(points.size());
            return patience;
        } catch (Refused e) {
            if (points.size() == 1) {
                refused.increment();
                complain(run, e);
                return patience - 1;
            }
            int half = points.size() / 2;
            int left = log(run, id, points.subList(0, half), patience - 1);
            return log(run, id, points.subList(half, points.size()), left);
        }
    }

    private static Metric metric(Placed point) {
        return metric(point.point().name(), point.point().step(), point.point().value(), point.at());
    }

    private static Metric metric(String name, long step, double value, Instant at) {
        return Metric.newBuilder()
                .setKey(name)
                .setStep(step)
                .setValue(value)
                .setTimestamp(at.toEpochMilli())
                .build();
    }

    /** @param over another attempt has begun since */
    private void end(String id, StageState stage, boolean over) throws Refused, Away {
        Instant at = stage.finishedAt() == null ? Instant.now() : stage.finishedAt();
        if (!over && stage.artifact() != null) {
            List<Metric> counts = new ArrayList<>();
            stage.counts().forEach((name, count) -> counts.add(metric("counts." + name, 0, count, at)));
            server.log(
                    id,
                    counts.subList(0, Math.min(MOST_METRICS - 1, counts.size())),
                    List.of(),
                    List.of(MlflowServer.tag(
                            "athanor.artifact", stage.artifact().value())));
        }
        StageState.Failure error = over ? null : stage.error();
        if (error != null) {
            server.log(id, List.of(), List.of(), List.of(MlflowServer.tag("athanor.error", cut(error.message()))));
        }
        server.end(id, status(over ? null : stage.status()), at);
    }

    private static RunStatus status(@Nullable JobStatus status) {
        return status == JobStatus.SUCCEEDED
                ? RunStatus.FINISHED
                : status == JobStatus.CANCELLED ? RunStatus.KILLED : RunStatus.FAILED;
    }

    /** Once a run. */
    private void complain(Run run, Refused refusal) {
        if (complained.size() < 10_000 && complained.add(run.key())) {
            LOG.warn("{}: MLflow at {} refuses a part of it: {}", run.key(), server.url(), refusal.getMessage());
        }
    }
}
