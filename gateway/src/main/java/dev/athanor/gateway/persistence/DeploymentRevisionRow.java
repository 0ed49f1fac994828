package dev.athanor.gateway.persistence;

import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.DeploymentDesired;
import dev.athanor.contracts.message.DeploymentDesired.Variant;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Persistable;

/** What a deployment was at one revision: what a roll back goes back to. */
@Entity
@Table(name = "deployment_revision")
public class DeploymentRevisionRow implements Persistable<DeploymentRevisionRow.Key> {

    @Embeddable
    public record Key(String name, long revision) implements Serializable {}

    @EmbeddedId
    private Key id;

    private String variants;
    private String cause;
    private Instant at;

    @SuppressWarnings("NullAway.Init")
    protected DeploymentRevisionRow() {}

    public DeploymentRevisionRow(DeploymentDesired desired, String cause, Instant at) {
        this.id = new Key(desired.name(), desired.revision());
        this.variants = Json.MAPPER.writeValueAsString(desired.variants());
        this.cause = cause;
        this.at = at;
    }

    public long revision() {
        return id.revision();
    }

    public List<Variant> variants() {
        return List.of(Json.MAPPER.readValue(variants, Variant[].class));
    }

    /** Who or what made the change, e.g. {@code job job_01…}. */
    public String cause() {
        return cause;
    }

    public Instant at() {
        return at;
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
