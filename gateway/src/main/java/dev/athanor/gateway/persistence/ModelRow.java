package dev.athanor.gateway.persistence;

import dev.athanor.contracts.artifact.ArtifactId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** A registered model: a name, a version, and the deployment bundle that it is. */
@Entity
@Table(name = "model")
public class ModelRow implements Persistable<String> {

    @Id
    private String id;

    private String name;
    private int version;
    private String artifact;
    private @Nullable String jobId;
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected ModelRow() {}

    public ModelRow(
            String id, String name, int version, ArtifactId artifact, @Nullable String jobId, Instant createdAt) {
        this.id = id;
        this.name = name;
        this.version = version;
        this.artifact = artifact.value();
        this.jobId = jobId;
        this.createdAt = createdAt;
    }

    @Override
    public String getId() {
        return id;
    }

    public String name() {
        return name;
    }

    public int version() {
        return version;
    }

    public ArtifactId artifact() {
        return new ArtifactId(artifact);
    }

    /** The job that made it; null where it was registered by hand. */
    public @Nullable String jobId() {
        return jobId;
    }

    public Instant createdAt() {
        return createdAt;
    }

    @Override
    public boolean isNew() {
        return true; // written once, never changed
    }
}
