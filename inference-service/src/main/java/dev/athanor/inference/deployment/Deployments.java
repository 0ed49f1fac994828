package dev.athanor.inference.deployment;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.message.DeploymentDesired;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves under each name what was asked for last. Bundles are loaded one after the other in the background; the variants
 * served so far go on until all variants of the new revision are loaded, and are then swapped at once. A revision that
 * cannot be loaded changes nothing but its {@link Status}.
 */
public final class Deployments implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

    /** Loads and verifies an artifact of kind deployment-bundle. */
    public interface BundleLoader {
        ServedModel load(ArtifactId bundle) throws IOException;
    }

    /** What was answered, and who answered. */
    public record Answer(String deployment, String variant, ArtifactId model, List<Prediction> predictions) {

        public Answer {
            predictions = List.copyOf(predictions);
        }
    }

    /**
     * @param desiredRevision the last one asked for
     * @param servedRevision the one that answers; 0 = none yet
     * @param state {@code loading}, {@code ready} or {@code failed}
     * @param problem why the desired revision could not be loaded
     */
    public record Status(
            String name,
            long desiredRevision,
            long servedRevision,
            String state,
            @Nullable String problem) {}

    private record Variant(DeploymentDesired.Variant desired, SharedModel model) {}

    private final BundleLoader loader;
    private final Duration retryAfter;
    private final ScheduledExecutorService background = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("deployment-loader").daemon().factory());
    private final Map<String, List<Variant>> served = new ConcurrentHashMap<>();
    private final Map<String, Status> statuses = new ConcurrentHashMap<>();
    /** Only the background thread touches it. */
    private final Map<ArtifactId, SharedModel> loaded = new HashMap<>();

    /** @param retryAfter when to try again to load a bundle where the store did not answer */
    public Deployments(BundleLoader loader, Duration retryAfter) {
        this.loader = loader;
        this.retryAfter = retryAfter;
    }

    /** Begins to serve it, unless a revision as new is known already; returns at once. */
    public void apply(DeploymentDesired desired) {
        Status status = statuses.compute(desired.name(), (name, old) -> {
            if (old == null) {
                return new Status(name, desired.revision(), 0, "loading", null);
            }
            return old.desiredRevision >= desired.revision()
                    ? old
                    : new Status(name, desired.revision(), old.servedRevision, "loading", null);
        });
        if (status.desiredRevision == desired.revision() && status.state.equals("loading")) {
            background.execute(() -> load(desired));
        }
    }

    /**
     * @param key decides the variant: the same key goes to the same one while the weights stay
     * @param deadline in terms of {@link System#nanoTime}
     * @throws AthanorException NOT_FOUND for an unknown deployment, UNAVAILABLE while its first bundle is loaded
     */
    public Answer classify(String deployment, List<String> texts, String key, long deadline) {
        while (true) {
            Variant variant = choose(deployment, key);
            if (variant.model.acquire()) {
                try {
                    return new Answer(
                            deployment,
                            variant.desired.name(),
                            variant.desired.bundle(),
                            variant.model.model().classify(texts, deadline));
                } finally {
                    variant.model.release();
                }
            }
            // Swapped out between choosing and acquiring: there is a newer list of variants now.
        }
    }

    public List<Status> statuses() {
        return List.copyOf(new TreeMap<>(statuses).values());
    }

    /** Whether no deployment waits for its first bundle. */
    public boolean settled() {
        return statuses.values().stream().noneMatch(s -> s.state.equals("loading") && s.servedRevision == 0);
    }

    @Override
    public void close() {
        background.shutdownNow();
        background.close();
        served.clear();
        loaded.values().forEach(SharedModel::release);
        loaded.clear();
    }

    private Variant choose(String deployment, String key) {
        List<Variant> variants = served.get(deployment);
        if (variants == null) {
            Status status = statuses.get(deployment);
            if (status == null || status.state.equals("ready")) {
                throw AthanorException.notFound("deployment", deployment);
            }
            throw new AthanorException(
                    ErrorCode.UNAVAILABLE,
                    status.problem == null
                            ? "deployment '" + deployment + "' is being loaded"
                            : "deployment '" + deployment + "' could not be loaded: " + status.problem);
        }
        return variants.get(WeightedChoice.choose(
                variants.stream().map(v -> v.desired.weight()).toList(), key));
    }

    private void load(DeploymentDesired desired) {
        Status now = statuses.get(desired.name());
        if (now == null || now.desiredRevision != desired.revision() || !now.state.equals("loading")) {
            return;
        }
        var fresh = new HashMap<ArtifactId, SharedModel>();
        try {
            List<Variant> variants = new ArrayList<>();
            for (DeploymentDesired.Variant variant : desired.variants()) {
                SharedModel model = loaded.get(variant.bundle());
                if (model == null) {
                    model = fresh.get(variant.bundle());
                }
                if (model == null) {
                    model = new SharedModel(loader.load(variant.bundle()));
                    fresh.put(variant.bundle(), model);
                }
                variants.add(new Variant(variant, model));
            }
            loaded.putAll(fresh);
            swap(desired, variants);
        } catch (IOException | RuntimeException | LinkageError e) {
            fresh.values().forEach(SharedModel::release);
            boolean mayPass = e instanceof IOException
                    || e instanceof AthanorException a && a.code().retryable();
            LOG.error("deployment '{}' revision {} cannot be loaded", desired.name(), desired.revision(), e);
            settle(desired, mayPass ? "loading" : "failed", String.valueOf(e.getMessage()));
            if (mayPass && !background.isShutdown()) {
                background.schedule(() -> load(desired), retryAfter.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void swap(DeploymentDesired desired, List<Variant> variants) {
        if (variants.isEmpty()) {
            served.remove(desired.name());
        } else {
            served.put(desired.name(), List.copyOf(variants));
        }
        settle(desired, "ready", null);
        LOG.info("deployment '{}' revision {} is served", desired.name(), desired.revision());
        var used = served.values().stream()
                .flatMap(List::stream)
                .map(v -> v.desired.bundle())
                .toList();
        loaded.entrySet().removeIf(entry -> {
            boolean unused = !used.contains(entry.getKey());
            if (unused) {
                entry.getValue().release();
            }
            return unused;
        });
    }

    private void settle(DeploymentDesired desired, String state, @Nullable String problem) {
        statuses.computeIfPresent(desired.name(), (name, old) -> {
            long servedRevision = state.equals("ready") ? desired.revision() : old.servedRevision;
            // A newer revision may have been asked for meanwhile: it is still loading.
            return old.desiredRevision == desired.revision()
                    ? new Status(name, old.desiredRevision, servedRevision, state, problem)
                    : new Status(name, old.desiredRevision, servedRevision, old.state, old.problem);
        });
    }
}
