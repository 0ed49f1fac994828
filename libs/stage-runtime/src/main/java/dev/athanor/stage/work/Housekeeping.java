package dev.athanor.stage.work;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.stage.persistence.InboxRows;
import dev.athanor.stage.persistence.StageRunRow;
import dev.athanor.stage.persistence.StageRunRows;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Now and then: gives up tasks that cost too many workers, clears the scratch files of ended runs when even slow workers
 * have stopped, and forgets old inbox rows.
 */
public class Housekeeping {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration INBOX_MEMORY = Duration.ofDays(14);

    private final StageRunRows runs;
    private final TaskClaims claims;
    private final InboxRows inbox;
    private final ArtifactStore store;
    private final TransactionTemplate transactions;
    private final Duration patience;
    private long lastNanos = System.nanoTime();

    /** @param patience after which nobody works for an ended run any more */
    public Housekeeping(
            StageRunRows runs,
            TaskClaims claims,
            InboxRows inbox,
            ArtifactStore store,
            TransactionTemplate transactions,
            Duration patience) {
        this.runs = runs;
        this.claims = claims;
        this.inbox = inbox;
        this.store = store;
        this.transactions = transactions;
        this.patience = patience;
    }

    void runIfDue() {
        if (System.nanoTime() - lastNanos < EVERY.toNanos()) {
            return;
        }
        lastNanos = System.nanoTime();
        claims.expireHopeless();
        transactions.executeWithoutResult(status -> {
            Instant now = inbox.now();
            inbox.deleteBefore(now.minus(INBOX_MEMORY));
            for (StageRunRow run : runs.endedBefore(now.minus(patience))) {
                clear(run);
            }
        });
    }

    private void clear(StageRunRow run) {
        try {
            store.scratch(run.run().key()).clear();
            run.scratchIsCleared();
        } catch (IOException e) {
            LOG.warn("scratch of {} not cleared yet: {}", run.run().key(), e.toString());
        }
    }
}
