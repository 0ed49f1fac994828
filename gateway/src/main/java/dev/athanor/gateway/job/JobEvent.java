package dev.athanor.gateway.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.athanor.contracts.job.JobSpec;
import dev.athanor.contracts.message.StageEvent;
import java.time.Instant;

/** What can happen to a job. The stored sequence of those that changed something rebuilds its state. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = JobEvent.Submitted.class, name = "job.submitted"),
    @JsonSubTypes.Type(value = JobEvent.Requested.class, name = "job.requested"),
    @JsonSubTypes.Type(value = JobEvent.Reported.class, name = "job.reported")
})
public sealed interface JobEvent {

    Instant at();

    record Submitted(Instant at, String jobId, JobSpec spec) implements JobEvent {}

    record Requested(Instant at, JobRequest request) implements JobEvent {}

    /** A service told something of a stage; {@code at} is the service's time. */
    record Reported(Instant at, StageEvent event) implements JobEvent {}
}
