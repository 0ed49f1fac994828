package dev.athanor.gateway.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A stream that is closed after some time, whatever it is read for: who waits for the next byte then gets an {@link IOException}. */
final class LimitedStream extends FilterInputStream {

    private final CompletableFuture<Void> limit = new CompletableFuture<>();

    LimitedStream(InputStream in, Duration time) {
        super(in);
        limit.completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS).thenRun(this::closeQuietly);
    }

    private void closeQuietly() {
        try {
            in.close();
        } catch (IOException e) {
            // It is of no use to anybody any more.
        }
    }

    @Override
    public void close() throws IOException {
        limit.cancel(false);
        super.close();
    }
}
