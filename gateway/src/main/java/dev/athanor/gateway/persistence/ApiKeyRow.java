package dev.athanor.gateway.persistence;

import dev.athanor.gateway.key.Role;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** An API key: never the key itself, only its hash and the first characters to find it by. */
@Entity
@Table(name = "api_key")
public class ApiKeyRow implements Persistable<String> {

    @Id
    private String id;

    private String name;

    @Enumerated(EnumType.STRING)
    private Role role;

    private String prefix;
    private String hash;
    private Instant createdAt;
    private @Nullable Instant revokedAt;

    @SuppressWarnings("NullAway.Init")
    protected ApiKeyRow() {}

    public ApiKeyRow(String id, String name, Role role, String prefix, String hash, Instant createdAt) {
        this.id = id;
        this.name = name;
        this.role = role;
        this.prefix = prefix;
        this.hash = hash;
        this.createdAt = createdAt;
    }

    @Override
    public String getId() {
        return id;
    }

    public String name() {
        return name;
    }

    public Role role() {
        return role;
    }

    public String prefix() {
        return prefix;
    }

    public String hash() {
        return hash;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public @Nullable Instant revokedAt() {
        return revokedAt;
    }

    public void revoke(Instant at) {
        if (revokedAt == null) {
            revokedAt = at;
        }
    }

    @Override
    public boolean isNew() {
        return true; // changed only while it is managed
    }
}
