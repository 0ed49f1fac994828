package dev.athanor.gateway.service;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.gateway.Ids;
import dev.athanor.gateway.key.KeySecret;
import dev.athanor.gateway.key.Role;
import dev.athanor.gateway.persistence.ApiKeyRow;
import dev.athanor.gateway.persistence.ApiKeyRows;
import dev.athanor.gateway.persistence.NamedLock;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** API keys: made once, shown once, found by their first characters and compared by hash. */
@Service
public class ApiKeyService {

    public static final String PREFIX = "key_";

    /** A new key: the only time that the secret is known. */
    public record Created(ApiKeyRow key, KeySecret secret) {}

    private static final Logger log = LoggerFactory.getLogger(ApiKeyService.class);

    private final ApiKeyRows keys;
    private final NamedLock locks;
    private final SecureRandom random;
    private final Ids ids;
    private final Clock clock;

    ApiKeyService(ApiKeyRows keys, NamedLock locks, SecureRandom random, Ids ids, Clock clock) {
        this.keys = keys;
        this.locks = locks;
        this.random = random;
        this.ids = ids;
        this.clock = clock;
    }

    @Transactional
    public Created create(String name, Role role) {
        return store(name, role, KeySecret.generate(random));
    }

    /** Makes sure that this key was stored once; where it was revoked since, it stays so. */
    @Transactional
    public void ensureAdmin(KeySecret secret) {
        locks.take("first key");
        if (!keys.existsByHash(secret.hash())) {
            store("bootstrap", Role.ADMIN, secret);
        }
    }

    /** A first admin key, where there is none that is valid. */
    @Transactional
    public Optional<KeySecret> createFirstAdmin() {
        locks.take("first key");
        return hasAdmin()
                ? Optional.empty()
                : Optional.of(create("first", Role.ADMIN).secret());
    }

    @Transactional(readOnly = true)
    public boolean hasAdmin() {
        return keys.existsByRoleAndRevokedAtIsNull(Role.ADMIN);
    }

    @Transactional(readOnly = true)
    public Optional<ApiKeyRow> authenticate(String presented) {
        if (!KeySecret.looksLikeKey(presented)) {
            return Optional.empty();
        }
        var secret = new KeySecret(presented);
        return keys.findByPrefix(secret.prefix()).stream()
                .filter(k -> secret.matches(k.hash()) && k.revokedAt() == null)
                .findFirst();
    }

    /** Newest first; one more than {@code limit} where there are more. */
    @Transactional(readOnly = true)
    public List<ApiKeyRow> list(@Nullable String after, int limit) {
        return keys.page(after == null ? PREFIX + "~" : after, Limit.of(limit + 1));
    }

    @Transactional
    public ApiKeyRow revoke(String id) {
        ApiKeyRow key = Optional.of(id)
                .filter(i -> Ids.valid(PREFIX, i))
                .flatMap(keys::findById)
                .orElseThrow(() -> AthanorException.notFound("API key", id));
        key.revoke(clock.instant());
        log.info("API key {} '{}' revoked", id, key.name());
        return key;
    }

    private Created store(String name, Role role, KeySecret secret) {
        var row = new ApiKeyRow(ids.next(PREFIX), name, role, secret.prefix(), secret.hash(), clock.instant());
        log.info("API key {} '{}' created with role {}", row.getId(), name, role.slug());
        return new Created(keys.save(row), secret);
    }
}
