package dev.athanor.evaluation.inspection;

import dev.athanor.artifacts.ArtifactFolder;
import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.ArtifactKind;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.spec.InspectSpec;
import dev.athanor.lm.Devices;
import dev.athanor.stage.run.WorkFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks into models for callers who wait: one look at a time, a few in line, each within a time limit that is watched between texts.
 * The model looked into last is kept.
 */
public final class InspectionDesk implements AutoCloseable {

    private static final int MOST_WAITING = 8;

    private final ArtifactStore store;
    private final WorkFolders folders;
    private final Duration limit;
    private final long mostModelBytes;
    private final ThreadPoolExecutor desk = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("inspections").factory());
    private @Nullable ArtifactId shownId;
    private @Nullable Subject shown;
    private @Nullable Path shownFolder;

    /** @param mostModelBytes of the files of a model */
    public InspectionDesk(ArtifactStore store, WorkFolders folders, Duration limit, long mostModelBytes) {
        this.store = store;
        this.folders = folders;
        this.limit = limit;
        this.mostModelBytes = mostModelBytes;
    }

    /**
     * @param spec of kind attention or relevance
     * @return what a report of the stage holds
     * @throws AthanorException RATE_LIMITED where too many wait, TIMEOUT, or what is wrong with the request
     */
    public Record inspect(ArtifactId artifact, InspectSpec spec) {
        long deadline = System.nanoTime() + limit.toNanos();
        Future<InspectionReport> look;
        try {
            look = desk.submit(() -> look(artifact, spec, deadline));
        } catch (RejectedExecutionException e) {
            throw new AthanorException(
                    ErrorCode.RATE_LIMITED, MOST_WAITING + " inspections wait already; try again later, or make a job");
        }
        try {
            return (Record) look.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            giveUp(look);
            throw late();
        } catch (InterruptedException e) {
            giveUp(look);
            Thread.currentThread().interrupt();
            throw new AthanorException(ErrorCode.UNAVAILABLE, "interrupted while looking into a model", e);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case AthanorException known -> known;
                case IllegalArgumentException refused -> Subject.refused(String.valueOf(refused.getMessage()));
                case null, default -> new AthanorException(ErrorCode.INTERNAL, "the model cannot be inspected", e);
            };
        }
    }

    /** Nor does it keep its place in the line. */
    private void giveUp(Future<?> look) {
        look.cancel(true);
        desk.purge();
    }

    private AthanorException late() {
        return new AthanorException(
                ErrorCode.TIMEOUT, "no result within " + limit + "; ask for fewer or shorter texts, or make a job");
    }

    private InspectionReport look(ArtifactId artifact, InspectSpec spec, long deadline)
            throws IOException, InterruptedException {
        Inspections.Progress progress = number -> {
            if (Thread.interrupted() || System.nanoTime() > deadline) {
                throw late();
            }
        };
        progress.text(0);
        Subject subject = subject(artifact);
        return spec.kind().equals("attention")
                ? Inspections.attention(subject, spec, progress)
                : Inspections.relevance(subject, spec, progress);
    }

    private Subject subject(ArtifactId artifact) throws IOException {
        if (artifact.equals(shownId) && shown != null) {
            return shown;
        }
        Manifest manifest = store.manifest(artifact);
        boolean classifier = manifest.kind() == ArtifactKind.CLASSIFIER;
        if (!classifier && manifest.kind() != ArtifactKind.LANGUAGE_MODEL) {
            throw Subject.refused("artifact: expected a language model or a classifier, got "
                    + manifest.kind().slug());
        }
        if (manifest.sizeBytes() > mostModelBytes) {
            throw Subject.refused("artifact: expected a model of at most " + mostModelBytes + " bytes, got "
                    + manifest.sizeBytes() + "; make a job");
        }
        forget();
        Path folder = folders.create();
        shownFolder = folder;
        ArtifactFolder.link(store, manifest, folder.resolve("model"));
        Subject made = classifier
                ? new ClassifierSubject(folder.resolve("model"), Devices.of("auto"))
                : new LanguageModelSubject(folder.resolve("model"), Devices.of("auto"));
        shown = made;
        shownId = artifact;
        return made;
    }

    private void forget() {
        if (shown != null) {
            shown.close();
        }
        if (shownFolder != null) {
            try {
                WorkFolders.delete(shownFolder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        shown = null;
        shownId = null;
        shownFolder = null;
    }

    @Override
    public void close() {
        desk.shutdownNow();
        try {
            if (desk.awaitTermination(10, TimeUnit.SECONDS)) {
                forget();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
