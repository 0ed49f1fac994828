package dev.athanor.trainer.persistence;

import dev.athanor.lm.train.ConsumedBatches;
import dev.athanor.lm.train.TrainingLedger;
import dev.athanor.trainer.group.GenerationEndedException;
import dev.athanor.trainer.group.SampleRange;
import dev.athanor.trainer.group.SampleSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionTemplate;

/** The ledger of one run, written by one generation of its group while that is the current one. */
final class RunLedger implements TrainingLedger {

    private static final Logger LOG = LoggerFactory.getLogger(RunLedger.class);
    /** How often what no checkpoint holds yet is written down. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final GroupRows groups;
    private final LedgerRows rows;
    private final TransactionTemplate transactions;
    private final String runKey;
    private final long generation;
    private final SampleSpace space;
    private volatile long committedEnd;
    private volatile long openEnd;
    private long writtenNanos = System.nanoTime();

    RunLedger(
            GroupRows groups,
            LedgerRows rows,
            TransactionTemplate transactions,
            String runKey,
            long generation,
            SampleSpace space) {
        this.groups = groups;
        this.rows = rows;
        this.transactions = transactions;
        this.runKey = runKey;
        this.generation = generation;
        this.space = space;
    }

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public void resumed(List<ConsumedBatches> consumed) throws IOException {
        asCurrent(() -> rows.reconcile(runKey, space, consumed));
        committedEnd = end(consumed);
    }

    @Override
    public void consumed(long batch) {
        openEnd = batch + 1;
        if (System.nanoTime() - writtenNanos < EVERY.toNanos()) {
            return;
        }
        writtenNanos = System.nanoTime();
        try {
            asCurrent(this::writeOpen);
        } catch (IOException | DataAccessException e) {
            LOG.debug("{}: samples under way not written down: {}", runKey, e.toString());
        }
    }

    private void writeOpen() {
        rows.deleteOpen(runKey, generation);
        if (openEnd > committedEnd) {
            rows.insert(runKey, space.ranges(generation, committedEnd, openEnd, SampleRange.Status.OPEN));
        }
    }

    /** The checkpoint is published inside the transaction: a group that begins meanwhile waits, and sees it. */
    @Override
    public void commit(long step, List<ConsumedBatches> consumed, Publication checkpoint) throws IOException {
        asCurrent(() -> {
            rows.insert(
                    runKey,
                    space.after(committedEnd, consumed).stream()
                            .map(range -> range.at(step))
                            .toList());
            long before = committedEnd;
            committedEnd = end(consumed);
            try {
                writeOpen();
                checkpoint.publish();
            } catch (IOException e) {
                committedEnd = before;
                throw new UncheckedIOException(e);
            }
        });
    }

    private static long end(List<ConsumedBatches> consumed) {
        return consumed.isEmpty() ? 0 : consumed.getLast().end();
    }

    private void asCurrent(Runnable body) throws IOException {
        try {
            transactions.executeWithoutResult(status -> {
                long current = groups.lock(runKey).generation();
                if (current != generation) {
                    throw new UncheckedIOException(new GenerationEndedException(generation, current));
                }
                body.run();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
