package dev.athanor.gateway.service;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.message.DeploymentDesired.Variant;
import dev.athanor.gateway.deployment.Variants;
import dev.athanor.gateway.messaging.Announcer;
import dev.athanor.gateway.persistence.DeploymentRevisionRow;
import dev.athanor.gateway.persistence.DeploymentRevisionRows;
import dev.athanor.gateway.persistence.DeploymentRow;
import dev.athanor.gateway.persistence.DeploymentRows;
import dev.athanor.gateway.persistence.ModelRow;
import dev.athanor.gateway.persistence.NamedLock;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What is served: each change is a new revision, kept for rolling back, and announced to the inference services. */
@Service
public class DeploymentService {

    private static final Logger log = LoggerFactory.getLogger(DeploymentService.class);
    private static final int HISTORY = 50;

    private final DeploymentRows deployments;
    private final DeploymentRevisionRows revisions;
    private final NamedLock locks;
    private final Announcer announcer;
    private final Clock clock;

    DeploymentService(
            DeploymentRows deployments,
            DeploymentRevisionRows revisions,
            NamedLock locks,
            Announcer announcer,
            Clock clock) {
        this.deployments = deployments;
        this.revisions = revisions;
        this.locks = locks;
        this.announcer = announcer;
        this.clock = clock;
    }

    /** Creates the deployment, or gives it these variants. */
    @Transactional
    public DeploymentRow set(String name, List<Variant> variants, String cause) {
        Variants.check(variants);
        return change(name, cause, old -> variants);
    }

    /** All traffic to one new model. */
    @Transactional
    public DeploymentRow replace(String name, ModelRow model, String cause) {
        return change(name, cause, old -> List.of(new Variant("v" + model.version(), model.artifact(), 1)));
    }

    /** All traffic to one of the variants; the others are taken down. */
    @Transactional
    public DeploymentRow promote(String name, String variant, String cause) {
        get(name);
        return change(name, cause, old -> Variants.promote(old, variant));
    }

    /** @param to a revision of the history; null = the one before the latest that served something */
    @Transactional
    public DeploymentRow rollBack(String name, @Nullable Long to, String cause) {
        DeploymentRow now = get(name);
        long current = now.desired().revision();
        DeploymentRevisionRow target = history(name).stream()
                .filter(r -> to == null ? r.revision() < current : r.revision() == to)
                .filter(r -> !r.variants().isEmpty())
                .findFirst()
                .orElseThrow(() -> new AthanorException(
                        ErrorCode.CONFLICT,
                        to == null
                                ? "deployment '" + name + "' has no earlier revision to go back to"
                                : "deployment '" + name + "' has no revision " + to
                                        + " that served something among its last " + HISTORY));
        return change(name, cause + ": back to revision " + target.revision(), old -> target.variants());
    }

    @Transactional
    public void delete(String name, String cause) {
        get(name);
        change(name, cause, old -> List.of());
    }

    @Transactional(readOnly = true)
    public DeploymentRow get(String name) {
        return find(name)
                .filter(d -> !d.variants().isEmpty())
                .orElseThrow(() -> AthanorException.notFound("deployment", name));
    }

    /** By name; one more than {@code limit} where there are more. */
    @Transactional(readOnly = true)
    public List<DeploymentRow> list(@Nullable String after, int limit) {
        return deployments.page(after == null ? "" : after, Limit.of(limit + 1));
    }

    /** Newest first, deletions included. */
    @Transactional(readOnly = true)
    public List<DeploymentRevisionRow> history(String name) {
        return revisions.history(name, Limit.of(HISTORY));
    }

    private Optional<DeploymentRow> find(String name) {
        return Variants.NAME.matcher(name).matches() ? deployments.findById(name) : Optional.empty();
    }

    private DeploymentRow change(String name, String cause, Function<List<Variant>, List<Variant>> how) {
        locks.take("deployment:" + name);
        DeploymentRow row =
                deployments.findById(name).orElseGet(() -> deployments.save(new DeploymentRow(name, clock.instant())));
        row.change(how.apply(row.variants()), clock.instant());
        deployments.flush();
        revisions.save(new DeploymentRevisionRow(row.desired(), cause, clock.instant()));
        announcer.deployment(row.desired());
        log.info("deployment {} revision {}: {}", name, row.desired().revision(), cause);
        return row;
    }
}
