package dev.athanor.inference.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.message.DeploymentDesired;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeploymentsTest {

    private static final ArtifactId A = ArtifactId.ofSha256("a".repeat(64));
    private static final ArtifactId B = ArtifactId.ofSha256("b".repeat(64));

    private final Set<FakeModel> open = ConcurrentHashMap.newKeySet();
    private final Map<ArtifactId, CountDownLatch> holds = new ConcurrentHashMap<>();
    private final Map<ArtifactId, Exception> faults = new ConcurrentHashMap<>();
    private final AtomicInteger loads = new AtomicInteger();
    private final Deployments deployments = new Deployments(this::load, Duration.ofMillis(5));

    /** A model whose label is its bundle's first hex digit, and that notices use after its end. */
    private ServedModel load(ArtifactId bundle) throws IOException {
        loads.incrementAndGet();
        try {
            if (holds.containsKey(bundle)) {
                holds.get(bundle).await();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        switch (faults.remove(bundle)) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case null, default -> {}
        }
        var model = new FakeModel(bundle);
        open.add(model);
        return model;
    }

    private final class FakeModel implements ServedModel {
        final ArtifactId bundle;

        FakeModel(ArtifactId bundle) {
            this.bundle = bundle;
        }

        @Override
        public List<Prediction> classify(List<String> texts, long deadline) {
            assertThat(open).contains(this);
            return texts.stream()
                    .map(t -> new Prediction(bundle.hex().substring(0, 1), Map.of(), false))
                    .toList();
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }

    @AfterEach
    void nothingStaysOpen() {
        holds.values().forEach(CountDownLatch::countDown);
        deployments.close();
        assertThat(open).isEmpty();
    }

    private static DeploymentDesired desired(long revision, DeploymentDesired.Variant... variants) {
        return new DeploymentDesired("sentiment", revision, Arrays.asList(variants));
    }

    private static DeploymentDesired.Variant variant(ArtifactId bundle, double weight) {
        return new DeploymentDesired.Variant(bundle.hex().substring(0, 1), bundle, weight);
    }

    private String answer(String key) {
        return deployments
                .classify("sentiment", List.of("x"), key, Long.MAX_VALUE)
                .variant();
    }

    private Deployments.Status status() {
        return deployments.statuses().getFirst();
    }

    private static void until(BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void theOldVariantServesUntilTheNewOneIsLoadedAndIsThenClosed() {
        deployments.apply(desired(1, variant(A, 1)));
        until(() -> status().state().equals("ready"));
        assertThat(answer("k")).isEqualTo("a");

        holds.put(B, new CountDownLatch(1));
        deployments.apply(desired(2, variant(B, 1)));
        until(() -> loads.get() == 2);
        assertThat(answer("k")).isEqualTo("a");
        assertThat(status().state()).isEqualTo("loading");
        assertThat(deployments.settled()).as("something answers").isTrue();

        holds.get(B).countDown();
        until(() -> status().servedRevision() == 2);
        assertThat(answer("k")).isEqualTo("b");
        until(() -> open.stream().map(m -> m.bundle).toList().equals(List.of(B)));
    }

    @Test
    void olderAndRepeatedRevisionsAreIgnored() {
        deployments.apply(desired(5, variant(A, 1)));
        until(() -> status().state().equals("ready"));
        deployments.apply(desired(4, variant(B, 1)));
        deployments.apply(desired(5, variant(B, 1)));
        assertThat(status()).isEqualTo(new Deployments.Status("sentiment", 5, 5, "ready", null));
        assertThat(loads).hasValue(1);
    }

    @Test
    void aBundleThatCannotBeLoadedLeavesTheOldOneServing() {
        deployments.apply(desired(1, variant(A, 1)));
        until(() -> status().state().equals("ready"));
        faults.put(B, new AthanorException(ErrorCode.ARTIFACT_CORRUPT, "bad bytes"));
        deployments.apply(desired(2, variant(A, 1), variant(B, 1)));
        until(() -> status().state().equals("failed"));
        assertThat(status()).isEqualTo(new Deployments.Status("sentiment", 2, 1, "failed", "bad bytes"));
        assertThat(answer("k")).isEqualTo("a");
    }

    @Test
    void aStoreThatDoesNotAnswerIsAskedAgain() {
        faults.put(A, new IOException("connection refused"));
        deployments.apply(desired(1, variant(A, 1)));
        until(() -> status().state().equals("ready"));
        assertThat(loads).hasValue(2);
        assertThat(answer("k")).isEqualTo("a");
    }

    @Test
    void weightsShareTheKeysAndAKeyKeepsItsVariant() {
        deployments.apply(desired(1, variant(A, 3), variant(B, 1)));
        until(() -> status().state().equals("ready"));
        int toA = 0;
        for (int i = 0; i < 4000; i++) {
            String first = answer("request-" + i);
            assertThat(answer("request-" + i)).isEqualTo(first);
            toA += first.equals("a") ? 1 : 0;
        }
        // Binomial(4000, 0.75) has a deviation of 27.
        assertThat(toA).isBetween(2860, 3140);

        deployments.apply(desired(2, variant(A, 0), variant(B, 1)));
        until(() -> status().servedRevision() == 2);
        assertThat(answer("request-1")).isEqualTo("b");
        assertThat(loads).as("loaded bundles are kept over a change of weights").hasValue(2);
    }

    @Test
    void unknownAndNotYetLoadedAndTakenDownAreToldApart() {
        assertThatThrownBy(() -> answer("k"))
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        holds.put(A, new CountDownLatch(1));
        deployments.apply(desired(1, variant(A, 1)));
        assertThatThrownBy(() -> answer("k"))
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(deployments.settled()).isFalse();
        holds.get(A).countDown();
        until(() -> status().state().equals("ready"));
        deployments.apply(desired(2));
        until(() -> status().servedRevision() == 2);
        assertThatThrownBy(() -> answer("k"))
                .isInstanceOfSatisfying(
                        AthanorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        until(open::isEmpty);
    }

    @Test
    void requestsDuringManySwapsAllGetAnAnswer() throws Exception {
        deployments.apply(desired(1, variant(A, 1)));
        until(() -> status().state().equals("ready"));
        var failures = new AtomicInteger();
        var running = new CountDownLatch(1);
        List<Thread> callers = java.util.stream.IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    while (running.getCount() > 0) {
                        try {
                            answer("k");
                        } catch (Throwable e) {
                            failures.incrementAndGet();
                        }
                    }
                }))
                .toList();
        for (long revision = 2; revision < 100; revision++) {
            long now = revision;
            deployments.apply(desired(revision, variant(revision % 2 == 0 ? B : A, 1)));
            until(() -> status().servedRevision() == now);
        }
        running.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(failures).hasValue(0);
    }
}
