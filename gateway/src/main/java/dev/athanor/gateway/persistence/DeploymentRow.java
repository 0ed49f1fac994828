package dev.athanor.gateway.persistence;

import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.DeploymentDesired;
import dev.athanor.contracts.message.DeploymentDesired.Variant;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Persistable;

/** What is to be served under a name. A deleted one stays without variants, so that its revisions go on growing. */
@Entity
@Table(name = "deployment")
public class DeploymentRow implements Persistable<String> {

    @Id
    private String name;

    private long revision;
    private String variants;
    private Instant createdAt;
    private Instant updatedAt;

    @SuppressWarnings("NullAway.Init")
    protected DeploymentRow() {}

    public DeploymentRow(String name, Instant at) {
        this.name = name;
        this.variants = "[]";
        this.createdAt = at;
        this.updatedAt = at;
    }

    public void change(List<Variant> next, Instant at) {
        revision++;
        variants = Json.MAPPER.writeValueAsString(next);
        updatedAt = at;
    }

    /** What is announced; not before the first {@link #change}. */
    public DeploymentDesired desired() {
        return new DeploymentDesired(name, revision, variants());
    }

    public List<Variant> variants() {
        return List.of(Json.MAPPER.readValue(variants, Variant[].class));
    }

    public String name() {
        return name;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }

    @Override
    public String getId() {
        return name;
    }

    @Override
    public boolean isNew() {
        return revision == 0;
    }
}
