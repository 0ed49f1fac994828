package dev.athanor.gateway.persistence;

import dev.athanor.contracts.job.JobStatus;
import dev.athanor.contracts.json.Json;
import dev.athanor.gateway.job.JobEvent;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.springframework.data.domain.Persistable;

/** One event that changed a job; the sequence of a job has no gaps. */
@Entity
@Table(name = "job_event")
public class JobEventRow implements Persistable<JobEventRow.Key> {

    @Embeddable
    public record Key(String jobId, long sequence) implements Serializable {}

    @EmbeddedId
    private Key id;

    private Instant at;
    private String jobStatus;
    private String body;

    @SuppressWarnings("NullAway.Init")
    protected JobEventRow() {}

    public JobEventRow(String jobId, long sequence, JobEvent event, JobStatus after) {
        this.id = new Key(jobId, sequence);
        this.at = event.at();
        this.jobStatus = after.slug();
        this.body = Json.MAPPER.writerFor(JobEvent.class).writeValueAsString(event);
    }

    public long sequence() {
        return id.sequence();
    }

    public Instant at() {
        return at;
    }

    /** Status of the job after this event. */
    public String jobStatus() {
        return jobStatus;
    }

    public JobEvent event() {
        return Json.MAPPER.readValue(body, JobEvent.class);
    }

    @Override
    public Key getId() {
        return id;
    }

    @Override
    public boolean isNew() {
        return true; // written once, never changed
    }
}
