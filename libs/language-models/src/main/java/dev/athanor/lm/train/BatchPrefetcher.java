package dev.athanor.lm.train;

import dev.athanor.lm.data.TokenBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Makes the next step's batch while the device works on this one. */
final class BatchPrefetcher implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("batches").factory());
    private final LongFunction<TokenBatch> source;
    private final long end;
    private long nextStep = -1;
    private @Nullable CompletableFuture<TokenBatch> next;

    /** @param end the step after the last */
    BatchPrefetcher(LongFunction<TokenBatch> source, long end) {
        this.source = source;
        this.end = end;
    }

    /** The batch of {@code step}; those of the steps after are started on. */
    TokenBatch take(long step) {
        CompletableFuture<TokenBatch> wanted = next != null && nextStep == step ? next : start(step);
        nextStep = step + 1;
        next = nextStep < end ? start(nextStep) : null;
        try {
            return wanted.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private CompletableFuture<TokenBatch> start(long step) {
        return CompletableFuture.supplyAsync(() -> source.apply(step), thread);
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
