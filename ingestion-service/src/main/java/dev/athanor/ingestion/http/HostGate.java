package dev.athanor.ingestion.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps requests to one host apart. */
public final class HostGate {

    private static final int MAX_HOSTS = 10_000;

    private final Clock clock;
    private final Web.Sleeper sleeper;
    private final Map<String, Instant> next = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MAX_HOSTS;
        }
    };

    public HostGate(Clock clock, Web.Sleeper sleeper) {
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** Waits for this caller's turn: turns of one host are {@code interval} apart. */
    public void await(String host, Duration interval) throws InterruptedException {
        Duration wait;
        synchronized (next) {
            Instant now = clock.instant();
            Instant free = next.getOrDefault(host, now);
            Instant turn = free.isAfter(now) ? free : now;
            next.put(host, turn.plus(interval));
            wait = Duration.between(now, turn);
        }
        if (!wait.isZero()) {
            sleeper.sleep(wait);
        }
    }
}
