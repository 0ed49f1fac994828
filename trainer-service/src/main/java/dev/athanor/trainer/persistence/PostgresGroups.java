package dev.athanor.trainer.persistence;

import dev.athanor.contracts.message.StageRun;
import dev.athanor.trainer.group.GroupState;
import dev.athanor.trainer.group.LedgerReport;
import dev.athanor.trainer.group.Membership;
import dev.athanor.trainer.group.TrainingGroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Groups that form in PostgreSQL. Whoever waits looks, under the lock of the group's row, whether all slots are taken, or the others
 * were waited for long enough; the one with the lowest slot then writes down the next generation, with itself as the first.
 */
public final class PostgresGroups implements TrainingGroups {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresGroups.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * @param host under which other workers reach this process
     * @param patience how long workers that are there wait for those that are not
     * @param heartbeat how often a worker says that it lives, and looks whether the others do
     * @param silence after which a worker counts as lost
     * @param meeting how long the members of a group may take to meet
     * @param operation how long members wait for each other in one operation, while all are alive
     */
    public record Settings(
            String host,
            Duration patience,
            Duration heartbeat,
            Duration silence,
            Duration meeting,
            Duration operation) {}

    private final GroupRows groups;
    private final LedgerRows ledger;
    private final TransactionTemplate transactions;
    private final Settings settings;

    public PostgresGroups(JdbcTemplate jdbc, TransactionTemplate transactions, Settings settings) {
        this.groups = new GroupRows(jdbc, settings.silence().multipliedBy(3));
        this.ledger = new LedgerRows(jdbc);
        this.transactions = transactions;
        this.settings = settings;
    }

    /** What the ledger says of a run. */
    public LedgerReport report(StageRun run) {
        return LedgerReport.of(ledger.of(run.key()));
    }

    /** Who trains a run now. */
    public GroupState state(StageRun run) {
        GroupRows.Group group = groups.read(run.key()).orElse(null);
        return group == null
                ? new GroupState(0, List.of())
                : new GroupState(group.generation(), groups.workers(run.key(), group));
    }

    @Override
    public Membership join(StageRun run, int slot, long fencing, int workers, StopCheck stop)
            throws InterruptedException {
        String key = run.key();
        String id = UUID.randomUUID().toString();
        stop.checkStop();
        if (Boolean.FALSE.equals(
                transactions.execute(status -> groups.enter(key, slot, fencing, id, settings.host())))) {
            throw takenOver(key, slot);
        }
        boolean joined = false;
        try {
            while (true) {
                stop.checkStop();
                Attempt attempt = transactions.execute(status -> form(key, slot, id, workers));
                if (attempt.lost()) {
                    throw takenOver(key, slot);
                }
                Optional<GroupRows.Group> formed = Optional.ofNullable(attempt.group());
                if (formed.isPresent()) {
                    joined = true;
                    return membership(key, slot, id, formed.get());
                }
                Thread.sleep(POLL);
            }
        } finally {
            if (!joined) {
                transactions.executeWithoutResult(status -> groups.leave(key, id));
            }
        }
    }

    private static InterruptedException takenOver(String key, int slot) {
        return new InterruptedException("slot " + slot + " of " + key + " was taken over");
    }

    private Membership membership(String key, int slot, String id, GroupRows.Group group) {
        if (group.members().contains(id)) {
            LOG.info(
                    "{}: slot {} is rank {} of {} in generation {}",
                    key,
                    slot,
                    group.members().indexOf(id),
                    group.members().size(),
                    group.generation());
        }
        return new PostgresMembership(groups, ledger, transactions, settings, key, slot, id, group);
    }

    /** @param lost the slot is another's */
    private record Attempt(GroupRows.@Nullable Group group, boolean lost) {}

    private Attempt form(String key, int slot, String id, int workers) {
        GroupRows.Group group = groups.lock(key);
        if (!groups.seen(key, id)) {
            return new Attempt(null, true);
        }
        Integer finished = group.finishedSlot();
        if (group.members().contains(id) || (finished != null && finished != slot)) {
            return new Attempt(group, false);
        }
        groups.forgetSilent(key, settings.silence());
        List<GroupRows.Member> members = groups.members(key, settings.patience());
        boolean allWait = members.stream().allMatch(member -> member.generation() == null);
        boolean enough = members.size() >= workers || members.stream().anyMatch(GroupRows.Member::longWaiting);
        if (!allWait || !enough || members.getFirst().slot() != slot) {
            return new Attempt(null, false);
        }
        List<String> ids = members.stream().map(GroupRows.Member::id).toList();
        long generation = group.generation() + 1;
        int port = freePort();
        groups.form(key, generation, settings.host(), port, ids);
        return new Attempt(new GroupRows.Group(generation, settings.host(), port, ids, finished), false);
    }

    /** Should another process take it in the meantime, the group fails to meet and a new one forms. */
    private int freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "athanor.trainer.host is " + settings.host() + ", expected an address of this machine", e);
        }
    }
}
