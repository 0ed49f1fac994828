package dev.athanor.gateway.service;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Wakes those who follow a job on this instance, after the change has been committed. Changes made by other instances
 * are not signalled: followers also look by themselves once in a while.
 */
@Component
public class JobSignals {

    /** One follower of one job; close it at the end. */
    public final class Listener implements AutoCloseable {
        private final String jobId;
        private final Semaphore news = new Semaphore(0);

        private Listener(String jobId) {
            this.jobId = jobId;
        }

        /** Returns when there may be news, at the latest after the given time. */
        public void await(long millis) throws InterruptedException {
            if (news.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        }

        @Override
        public void close() {
            listeners.computeIfPresent(jobId, (id, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }

    private final Map<String, Map<Listener, Boolean>> listeners = new ConcurrentHashMap<>();

    public Listener listen(String jobId) {
        var listener = new Listener(jobId);
        listeners.compute(jobId, (id, all) -> {
            Map<Listener, Boolean> some = all == null ? new ConcurrentHashMap<>() : all;
            some.put(listener, true);
            return some;
        });
        return listener;
    }

    public int listeners() {
        return listeners.values().stream().mapToInt(Map::size).sum();
    }

    void changed(String jobId) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                listeners.getOrDefault(jobId, Map.of()).keySet().forEach(l -> l.news.release());
            }
        });
    }
}
