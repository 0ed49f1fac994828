package dev.athanor.gateway.service;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.spec.DeploySpec;
import dev.athanor.gateway.Ids;
import dev.athanor.gateway.job.JobEvent;
import dev.athanor.gateway.job.JobMachine;
import dev.athanor.gateway.job.JobRequest;
import dev.athanor.gateway.job.JobState;
import dev.athanor.gateway.messaging.Announcer;
import dev.athanor.gateway.persistence.IdempotencyKeys;
import dev.athanor.gateway.persistence.JobEventRow;
import dev.athanor.gateway.persistence.JobEventRows;
import dev.athanor.gateway.persistence.JobRow;
import dev.athanor.gateway.persistence.JobRows;
import dev.athanor.gateway.persistence.MetricPoints;
import dev.athanor.gateway.persistence.MlflowRuns;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Jobs: every change takes the job's lock, asks {@link JobMachine}, and stores state, event and commands together. */
@Service
public class JobService {

    public static final String PREFIX = "job_";

    /** A job that has just been made ({@code created}), or the one that an earlier use of the idempotency key made. */
    public record Submission(JobState job, boolean created) {}

    private static final Logger log = LoggerFactory.getLogger(JobService.class);
    private static final int MOST_RESYNCS = 50;

    private final JobRows jobs;
    private final JobEventRows events;
    private final MetricPoints metrics;
    private final IdempotencyKeys idempotencyKeys;
    private final Announcer announcer;
    private final ModelService models;
    private final DeploymentService deployments;
    private final JobSignals signals;
    private final JobMeters meters;
    private final MlflowRuns mlflow;
    private final Ids ids;
    private final Clock clock;

    JobService(
            JobRows jobs,
            JobEventRows events,
            MetricPoints metrics,
            IdempotencyKeys idempotencyKeys,
            Announcer announcer,
            ModelService models,
            DeploymentService deployments,
            JobSignals signals,
            JobMeters meters,
            MlflowRuns mlflow,
            Ids ids,
            Clock clock) {
        this.jobs = jobs;
        this.events = events;
        this.metrics = metrics;
        this.idempotencyKeys = idempotencyKeys;
        this.announcer = announcer;
        this.models = models;
        this.deployments = deployments;
        this.signals = signals;
        this.meters = meters;
        this.mlflow = mlflow;
        this.ids = ids;
        this.clock = clock;
    }

    /** @throws AthanorException CONFLICT where the idempotency key was used for another specification */
    @Transactional
    public Submission submit(JobSpec spec, String owner, @Nullable String idempotencyKey) {
        String id = ids.next(PREFIX);
        Instant now = clock.instant();
        if (idempotencyKey != null) {
            var use = new IdempotencyKeys.Use(Json.sha256Hex(Json.canonicalBytes(spec)), id);
            Optional<IdempotencyKeys.Use> earlier = idempotencyKeys.claim(owner, idempotencyKey, use, now);
            if (earlier.isPresent()) {
                if (!earlier.get().requestHash().equals(use.requestHash())) {
                    throw new AthanorException(
                            ErrorCode.CONFLICT,
                            "Idempotency-Key '" + idempotencyKey + "' was used for another job specification ("
                                    + earlier.get().jobId() + "); expected a new key, or the same specification");
                }
                return new Submission(get(earlier.get().jobId()), false);
            }
        }
        var submitted = new JobEvent.Submitted(now, id, spec);
        JobMachine.Step step = JobMachine.submit(submitted);
        var row = new JobRow(step.state(), owner);
        jobs.saveAndFlush(row);
        record(row, submitted, step, null);
        meters.submitted();
        log.info(
                "job {} '{}' submitted: {} stages",
                id,
                spec.name(),
                spec.stages().size());
        return new Submission(step.state(), true);
    }

    @Transactional(readOnly = true)
    public JobState get(String id) {
        return jobs.findById(known(id))
                .orElseThrow(() -> AthanorException.notFound("job", id))
                .state();
    }

    /** Newest first; one more than {@code limit} where there are more. */
    @Transactional(readOnly = true)
    public List<JobState> list(@Nullable JobStatus status, @Nullable String after, int limit) {
        String before = after == null ? PREFIX + "~" : after;
        Limit one = Limit.of(limit + 1);
        List<JobRow> rows = status == null ? jobs.page(before, one) : jobs.page(before, status.slug(), one);
        return rows.stream().map(JobRow::state).toList();
    }

    /** @throws AthanorException CONFLICT where the request does not fit the state of the job */
    @Transactional
    public JobState request(String id, JobRequest request) {
        JobRow row = lock(id).orElseThrow(() -> AthanorException.notFound("job", id));
        JobState state = row.state();
        JobMachine.objection(state, request).ifPresent(why -> {
            throw new AthanorException(ErrorCode.CONFLICT, why);
        });
        var event = new JobEvent.Requested(clock.instant(), request);
        JobMachine.Step step = JobMachine.apply(state, event);
        if (step.changed()) {
            record(row, event, step, state);
            log.info("job {}: {}", id, request.slug());
        }
        return step.state();
    }

    /** Takes what a service tells; a no-op for jobs and runs that are not, or no longer, known. */
    @Transactional
    public void report(StageEvent event, Instant at) {
        JobRow row = lock(event.run().jobId()).orElse(null);
        if (row == null) {
            log.warn("event of unknown job {} ignored", event.run().jobId());
            return;
        }
        row.heardOf(clock.instant());
        if (event instanceof StageEvent.MetricsRecorded recorded) {
            metrics.save(event.run(), recorded.points());
            mlflow.heardOf(event.run());
            signals.changed(event.run().jobId());
            return;
        }
        JobState before = row.state();
        var reported = new JobEvent.Reported(at.truncatedTo(ChronoUnit.MILLIS), event);
        JobMachine.Step step = JobMachine.apply(before, reported);
        if (!step.changed()) {
            return;
        }
        record(row, reported, step, before);
        if (!(event instanceof StageEvent.Progressed)) {
            mlflow.heardOf(event.run());
        }
        if (event instanceof StageEvent.Completed completed && event.run().type() == StageType.DEPLOY) {
            rollOut(step.state(), completed);
        }
    }

    private void rollOut(JobState job, StageEvent.Completed completed) {
        DeploySpec spec = (DeploySpec) StageType.DEPLOY.readSpec(
                job.stageSpec(completed.run().stageId()).spec());
        var model = models.register(spec.deployment(), completed.artifact(), job.id());
        deployments.replace(spec.deployment(), model, "job " + job.id());
    }

    private void record(JobRow row, JobEvent event, JobMachine.Step step, @Nullable JobState before) {
        row.update(step.state(), clock.instant());
        events.save(new JobEventRow(
                row.getId(), row.nextSequence(), event, step.state().status()));
        step.commands().forEach(announcer::command);
        meters.moved(before, step.state());
        signals.changed(row.getId());
    }

    /** Events after the given number, oldest first. */
    @Transactional(readOnly = true)
    public List<JobEventRow> events(String id, long after, int limit) {
        return events.after(known(id), after, Limit.of(limit));
    }

    /** @param after only points of later steps; -1 = all */
    @Transactional(readOnly = true)
    public List<MetricPoints.Series> metrics(String id, @Nullable String stage, @Nullable String name, long after) {
        get(id);
        return metrics.names(id, stage, name).stream()
                .map(s -> new MetricPoints.Series(s.stage(), s.name(), metrics.read(id, s.stage(), s.name(), after)))
                .toList();
    }

    /** Asks the services again about jobs that nothing was heard of for a while. */
    @Transactional
    public int resyncSilent(Duration silence) {
        Instant now = clock.instant();
        int asked = 0;
        for (String id : jobs.silentSince(now.minus(silence), Limit.of(MOST_RESYNCS))) {
            JobRow row = lock(id).orElseThrow();
            JobMachine.resync(row.state()).forEach(announcer::command);
            row.heardOf(now);
            asked++;
        }
        return asked;
    }

    private Optional<JobRow> lock(String id) {
        return jobs.lock(known(id));
    }

    private static String known(String id) {
        if (!Ids.valid(PREFIX, id)) {
            throw AthanorException.notFound("job", id);
        }
        return id;
    }
}
