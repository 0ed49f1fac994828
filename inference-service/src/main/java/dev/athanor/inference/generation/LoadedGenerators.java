package dev.athanor.inference.generation;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Models by their artifact, loaded when they are first asked for; the one that was used longest ago makes room. Requests are served one
 * after the other, in the order in which they came: a token is computed on all cores anyway.
 */
public final class LoadedGenerators implements AutoCloseable {

    /** Loads and verifies an artifact of kind language-model. */
    public interface Loader {
        TextGenerator load(ArtifactId model) throws IOException;
    }

    private final Loader loader;
    private final int mostLoaded;
    private final int mostWaiting;
    private final ReentrantLock turn = new ReentrantLock(true);
    /** Guarded by {@link #turn}; the one used longest ago is first. */
    private final Map<ArtifactId, TextGenerator> loaded = new LinkedHashMap<>(4, 0.75f, true);

    public LoadedGenerators(Loader loader, int mostLoaded, int mostWaiting) {
        this.loader = loader;
        this.mostLoaded = mostLoaded;
        this.mostWaiting = mostWaiting;
    }

    /**
     * @param deadline of {@link System#nanoTime}
     * @throws AthanorException NOT_FOUND, RATE_LIMITED where too many wait, TIMEOUT where the turn does not come in time
     */
    public <T> T use(ArtifactId model, long deadline, Function<TextGenerator, T> work) {
        if (turn.getQueueLength() >= mostWaiting) {
            throw new AthanorException(
                    ErrorCode.RATE_LIMITED, mostWaiting + " requests wait already; try again in a moment");
        }
        try {
            if (!turn.tryLock(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw new AthanorException(ErrorCode.TIMEOUT, "other requests took too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AthanorException(ErrorCode.UNAVAILABLE, "the service is shutting down", e);
        }
        try {
            return work.apply(get(model));
        } catch (IOException e) {
            throw new UncheckedIOException("model " + model + " cannot be read", e);
        } finally {
            turn.unlock();
        }
    }

    private TextGenerator get(ArtifactId model) throws IOException {
        TextGenerator known = loaded.get(model);
        if (known != null) {
            return known;
        }
        while (loaded.size() >= mostLoaded) {
            var oldest = loaded.entrySet().iterator().next();
            loaded.remove(oldest.getKey());
            oldest.getValue().close();
        }
        TextGenerator generator = loader.load(model);
        loaded.put(model, generator);
        return generator;
    }

    @Override
    public void close() {
        turn.lock();
        try {
            loaded.values().forEach(TextGenerator::close);
            loaded.clear();
        } finally {
            turn.unlock();
        }
    }
}
