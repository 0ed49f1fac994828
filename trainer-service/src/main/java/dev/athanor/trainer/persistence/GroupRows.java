package dev.athanor.trainer.persistence;

import dev.athanor.trainer.group.GroupState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Groups and their members, in plain SQL by the database's clock; the caller holds the transaction. */
class GroupRows {

    /** @param members ids in order of rank */
    record Group(
            long generation,
            @Nullable String host,
            int port,
            List<String> members,
            @Nullable Integer finishedSlot) {}

    /** @param generation null while it waits */
    record Member(int slot, String id, @Nullable Long generation, boolean longWaiting) {}

    private final JdbcTemplate jdbc;
    private final Duration frozen;

    /** @param frozen after so long between two statements of a transaction with the lock, the database ends it */
    GroupRows(JdbcTemplate jdbc, Duration frozen) {
        this.jdbc = jdbc;
        this.frozen = frozen;
    }

    /**
     * Whoever decides about a group, or writes in its name, holds this lock. A process that freezes with it must not freeze the
     * others: the database ends its transaction.
     */
    Group lock(String runKey) {
        jdbc.execute("set local idle_in_transaction_session_timeout = " + frozen.toMillis());
        jdbc.update("insert into training_group (run_key) values (?) on conflict do nothing", runKey);
        return read(runKey, " for update").orElseThrow();
    }

    Optional<Group> read(String runKey) {
        return read(runKey, "");
    }

    private Optional<Group> read(String runKey, String lock) {
        return jdbc
                .query(
                        "select generation, host, port, members, finished_slot from training_group where run_key = ?"
                                + lock,
                        (row, i) -> {
                            String members = row.getString(4);
                            return new Group(
                                    row.getLong(1),
                                    row.getString(2),
                                    row.getInt(3),
                                    members.isEmpty() ? List.of() : List.of(members.split(",")),
                                    row.getObject(5, Integer.class));
                        },
                        runKey)
                .stream()
                .findFirst();
    }

    void form(String runKey, long generation, String host, int port, List<String> members) {
        jdbc.update(
                "update training_group set generation = ?, host = ?, port = ?, members = ? where run_key = ?",
                generation,
                host,
                port,
                String.join(",", members),
                runKey);
        for (String member : members) {
            jdbc.update(
                    "update training_member set generation = ?, seen_at = now() where run_key = ? and member_id = ?",
                    generation,
                    runKey,
                    member);
        }
    }

    void finish(String runKey, int slot) {
        jdbc.update("update training_group set finished_slot = ? where run_key = ?", slot, runKey);
    }

    /** Takes the slot, from whoever holds it with no later lease; false if somebody has a later one. */
    boolean enter(String runKey, int slot, long fencing, String id, String host) {
        return jdbc.update("""
                insert into training_member as held (run_key, slot, fencing, member_id, host, waiting_since, seen_at)
                values (?, ?, ?, ?, ?, now(), now())
                on conflict (run_key, slot) do update set member_id = excluded.member_id, host = excluded.host,
                    fencing = excluded.fencing, generation = null, waiting_since = now(), seen_at = now()
                where held.fencing <= excluded.fencing
                """, runKey, slot, fencing, id, host) > 0;
    }

    /** False if the slot is somebody else's now. */
    boolean seen(String runKey, String id) {
        return jdbc.update("update training_member set seen_at = now() where run_key = ? and member_id = ?", runKey, id)
                > 0;
    }

    void leave(String runKey, String id) {
        jdbc.update("delete from training_member where run_key = ? and member_id = ?", runKey, id);
    }

    void forgetSilent(String runKey, Duration silence) {
        jdbc.update(
                "delete from training_member where run_key = ? and seen_at < now() - ? * interval '1 millisecond'",
                runKey,
                silence.toMillis());
    }

    /** Members of a group that have not left it and were heard of. */
    int living(String runKey, long generation, Duration silence) {
        return Objects.requireNonNull(jdbc.queryForObject("""
                select count(*) from training_member where run_key = ? and generation = ?
                    and seen_at >= now() - ? * interval '1 millisecond'
                """, Integer.class, runKey, generation, silence.toMillis()));
    }

    boolean anyWaiting(String runKey, Duration silence) {
        return Boolean.TRUE.equals(jdbc.queryForObject("""
                select exists (select 1 from training_member where run_key = ? and generation is null
                    and seen_at >= now() - ? * interval '1 millisecond')
                """, Boolean.class, runKey, silence.toMillis()));
    }

    /** By slot. */
    List<GroupState.Worker> workers(String runKey, Group group) {
        return jdbc.query(
                """
                select slot, member_id, generation, host, extract(epoch from now() - seen_at)
                from training_member where run_key = ? order by slot
                """,
                (row, i) -> {
                    int rank = group.members().indexOf(row.getString(2));
                    boolean current = rank >= 0 && row.getLong(3) == group.generation();
                    return new GroupState.Worker(
                            row.getInt(1), current ? rank : null, row.getString(4), row.getDouble(5));
                },
                runKey);
    }

    /** By slot. */
    List<Member> members(String runKey, Duration patience) {
        return jdbc.query(
                """
                select slot, member_id, generation, waiting_since < now() - ? * interval '1 millisecond'
                from training_member where run_key = ? order by slot
                """,
                (row, i) ->
                        new Member(row.getInt(1), row.getString(2), row.getObject(3, Long.class), row.getBoolean(4)),
                patience.toMillis(),
                runKey);
    }
}
