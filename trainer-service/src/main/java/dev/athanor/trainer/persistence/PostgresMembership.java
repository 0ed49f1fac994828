package dev.athanor.trainer.persistence;

import dev.athanor.lm.train.TrainingLedger;
import dev.athanor.trainer.group.Membership;
import dev.athanor.trainer.group.SampleSpace;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/** Says that its worker lives, and watches over the others. */
final class PostgresMembership implements Membership {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresMembership.class);

    private final GroupRows groups;
    private final LedgerRows ledger;
    private final TransactionTemplate transactions;
    private final PostgresGroups.Settings settings;
    private final String key;
    private final int slot;
    private final String id;
    private final GroupRows.Group group;
    private final Thread watch;
    private volatile boolean closed;
    private volatile boolean regroupWanted;
    private volatile @Nullable Runnable abort;

    PostgresMembership(
            GroupRows groups,
            LedgerRows ledger,
            TransactionTemplate transactions,
            PostgresGroups.Settings settings,
            String key,
            int slot,
            String id,
            GroupRows.Group group) {
        this.groups = groups;
        this.ledger = ledger;
        this.transactions = transactions;
        this.settings = settings;
        this.key = key;
        this.slot = slot;
        this.id = id;
        this.group = group;
        this.watch = Thread.ofPlatform().daemon().name("training-group").start(this::watch);
    }

    @Override
    public long generation() {
        return group.generation();
    }

    @Override
    public int rank() {
        return group.members().indexOf(id);
    }

    @Override
    public int size() {
        return group.members().size();
    }

    @Override
    public Place place() {
        return new Place(
                new InetSocketAddress(Objects.requireNonNull(group.host()), group.port()),
                settings.meeting(),
                settings.operation());
    }

    @Override
    public boolean finished() {
        Integer finished = group.finishedSlot();
        return finished != null && finished != slot;
    }

    @Override
    public boolean regroupWanted() {
        return regroupWanted;
    }

    @Override
    public void onLoss(Runnable action) {
        abort = action;
    }

    @Override
    public void part() {
        abort = null;
    }

    @Override
    public TrainingLedger ledger(SampleSpace samples) {
        return new RunLedger(groups, ledger, transactions, key, group.generation(), samples);
    }

    @Override
    public void finish() {
        transactions.executeWithoutResult(status -> {
            if (groups.lock(key).generation() == group.generation()) {
                groups.finish(key, slot);
            }
        });
    }

    private void watch() {
        while (!closed) {
            try {
                Thread.sleep(settings.heartbeat());
                look();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("{}: group not looked after: {}", key, e.toString());
            }
        }
    }

    private void look() {
        boolean mine = groups.seen(key, id);
        boolean current = groups.read(key)
                .map(now -> now.generation() == group.generation())
                .orElse(false);
        boolean lost = groups.living(key, group.generation(), settings.silence()) < size();
        Runnable action = abort;
        if (!mine || !current || lost) {
            regroupWanted = true;
            if (action != null && !closed) {
                LOG.info("{}: generation {} has lost a member", key, group.generation());
                abort = null;
                action.run();
            }
        } else if (groups.anyWaiting(key, settings.silence())) {
            regroupWanted = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.interrupt();
        try {
            watch.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transactions.executeWithoutResult(status -> groups.leave(key, id));
    }
}
