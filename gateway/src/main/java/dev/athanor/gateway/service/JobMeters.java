package dev.athanor.gateway.service;

import dev.athanor.contracts.job.JobStatus;
import dev.athanor.gateway.job.JobState;
import dev.athanor.gateway.job.StageState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** {@code athanor_gateway_*}: what became of jobs and stages. */
@Component
public class JobMeters {

    private final MeterRegistry registry;

    JobMeters(MeterRegistry registry, JobSignals signals) {
        this.registry = registry;
        registry.counter("athanor.gateway.jobs.submitted");
        for (JobStatus end : List.of(JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED)) {
            registry.counter("athanor.gateway.jobs.finished", "status", end.slug());
        }
        registry.gauge("athanor.gateway.event.streams", signals, JobSignals::listeners);
    }

    void submitted() {
        registry.counter("athanor.gateway.jobs.submitted").increment();
    }

    /** Counts the ends that this step brought. */
    void moved(@Nullable JobState before, JobState after) {
        if (after.finishedAt() != null && (before == null || before.finishedAt() == null)) {
            registry.counter(
                            "athanor.gateway.jobs.finished",
                            "status",
                            after.status().slug())
                    .increment();
        }
        for (StageState stage : after.stages()) {
            StageState was = before == null ? null : before.stage(stage.id());
            if (stage.finishedAt() != null && stage.startedAt() != null && (was == null || was.finishedAt() == null)) {
                registry.timer(
                                "athanor.gateway.stage.duration",
                                "type",
                                after.stageSpec(stage.id()).type().id(),
                                "status",
                                stage.status().slug())
                        .record(Duration.between(stage.startedAt(), stage.finishedAt()));
            }
        }
    }
}
