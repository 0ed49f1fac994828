package dev.athanor.inference.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Between the thread that generates texts and the one that sends them. The first never waits for the second: what is not yet sent is put
 * together, so that a slow reader gets fewer and longer parts, and no more is kept than the texts are long.
 */
public final class GrowingTexts implements TextProgress {

    /**
     * What is new of a text.
     *
     * @param text may be empty
     * @param stopped null while it goes on; then whether the model, or a stop text, ended it
     */
    public record Part(int sequence, String text, @Nullable Boolean stopped) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    /** Guarded by {@link #lock}, as all below; by sequence. */
    private final List<StringBuilder> texts = new ArrayList<>();

    private final List<@Nullable Boolean> ends = new ArrayList<>();
    private boolean begun;
    private boolean finished;
    private boolean cancelled;
    private @Nullable RuntimeException failure;

    // ---- the thread that generates

    /** Prompts have been accepted, and texts will come. */
    public void begin() {
        change(() -> begun = true);
    }

    /** Nothing more comes. */
    public void finish() {
        change(() -> finished = true);
    }

    /** Nothing more comes, because of this. */
    public void fail(RuntimeException cause) {
        change(() -> {
            failure = cause;
            finished = true;
        });
    }

    /** @throws CancellationException if nobody reads any more */
    @Override
    public void goOn() {
        lock.lock();
        try {
            if (cancelled) {
                throw new CancellationException("nobody reads the texts any more");
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void text(int sequence, String text) {
        change(() -> {
            room(sequence);
            texts.get(sequence).append(text);
        });
    }

    @Override
    public void ended(int sequence, boolean stopped) {
        change(() -> {
            room(sequence);
            ends.set(sequence, stopped);
        });
    }

    private void room(int sequence) {
        while (texts.size() <= sequence) {
            texts.add(new StringBuilder());
            ends.add(null);
        }
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- the thread that sends

    /**
     * Waits until the prompts have been accepted.
     *
     * @throws RuntimeException what came instead
     */
    public void awaitBegin() throws InterruptedException {
        lock.lock();
        try {
            while (!begun && !finished) {
                news.await();
            }
            if (failure != null && !begun) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * What has come since the last call, in the order of the sequences.
     *
     * @return empty where nothing has come in this time; null when nothing more comes
     * @throws RuntimeException what ended the texts before their time, after all that came before it
     */
    public @Nullable List<Part> take(long millis) throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            List<Part> parts = parts();
            while (parts.isEmpty() && !finished && nanos > 0) {
                nanos = news.awaitNanos(nanos);
                parts = parts();
            }
            if (!parts.isEmpty() || !finished) {
                return parts;
            }
            if (failure != null) {
                throw failure;
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Boolean stopped = ends.get(i);
            if (!texts.get(i).isEmpty() || stopped != null) {
                parts.add(new Part(i, texts.get(i).toString(), stopped));
                texts.get(i).setLength(0);
                ends.set(i, null);
            }
        }
        return parts;
    }

    /** Ends the generation at its next step. */
    public void cancel() {
        change(() -> cancelled = true);
    }
}
