package dev.athanor.trainer.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.lm.train.ConsumedBatches;
import dev.athanor.lm.train.TrainingLedger;
import dev.athanor.testing.TestInfrastructure;
import dev.athanor.trainer.group.GenerationEndedException;
import dev.athanor.trainer.group.LedgerReport;
import dev.athanor.trainer.group.Membership;
import dev.athanor.trainer.group.SampleRange;
import dev.athanor.trainer.group.SampleRange.Status;
import dev.athanor.trainer.group.SampleSpace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Timeout(300)
class PostgresGroupsTest {

    private static final SampleSpace SPACE = new SampleSpace(4, 10);

    private static HikariDataSource database;
    private static PostgresGroups patient;
    private static PostgresGroups hasty;

    private final StageRun run = new StageRun("job-" + UUID.randomUUID(), "pretrain", StageType.PRETRAIN, 1);

    @BeforeAll
    static void open() {
        TestInfrastructure infrastructure = TestInfrastructure.get();
        database = new HikariDataSource();
        database.setJdbcUrl(infrastructure.newDatabase());
        database.setUsername(infrastructure.user());
        database.setPassword(infrastructure.password());
        database.setMaximumPoolSize(5);
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/trainer-service")
                .load()
                .migrate();
        patient = groups(Duration.ofMinutes(5));
        hasty = groups(Duration.ofMillis(300));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static PostgresGroups groups(Duration patience) {
        return new PostgresGroups(
                new JdbcTemplate(database),
                new TransactionTemplate(new DataSourceTransactionManager(database)),
                new PostgresGroups.Settings(
                        "127.0.0.1",
                        patience,
                        Duration.ofMillis(100),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(20),
                        Duration.ofMinutes(1)));
    }

    private CompletableFuture<Membership> joining(PostgresGroups groups, int slot, int workers) {
        var joined = new CompletableFuture<Membership>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                joined.complete(groups.join(run, slot, 1, workers, () -> {}));
            } catch (InterruptedException | RuntimeException e) {
                joined.completeExceptionally(e);
            }
        });
        return joined;
    }

    @Test
    void allWorkersFormOneGroupInOrderOfSlot() {
        var second = joining(patient, 1, 3);
        var third = joining(patient, 2, 3);
        var first = joining(patient, 0, 3);
        List<Membership> members = List.of(first.join(), second.join(), third.join());
        assertThat(members).extracting(Membership::rank).containsExactly(0, 1, 2);
        assertThat(members).extracting(Membership::generation).containsOnly(1L);
        assertThat(members).extracting(Membership::size).containsOnly(3);
        assertThat(members)
                .extracting(Membership::place)
                .containsOnly(members.getFirst().place());
        members.forEach(Membership::close);
    }

    @Test
    void thoseWhoAreThereGoOnWithoutTheOthersAndTakeThemInLater() throws Exception {
        Membership alone = hasty.join(run, 1, 1, 2, () -> {});
        assertThat(alone.size()).isEqualTo(1);
        assertThat(alone.regroupWanted()).isFalse();
        var late = joining(patient, 0, 2);
        while (!alone.regroupWanted()) {
            Thread.sleep(10);
        }
        assertThat(late).isNotDone();
        alone.close();
        var again = joining(patient, 1, 2);
        assertThat(again.join().generation()).isEqualTo(2);
        assertThat(again.join().rank()).isEqualTo(1);
        assertThat(late.join().rank()).isZero();
        late.join().close();
        again.join().close();
    }

    @Test
    void aProcessThatFreezesWithTheLockHoldsTheOthersForAWhileOnly() throws Exception {
        var jdbc = new JdbcTemplate(database);
        var transactions = new TransactionTemplate(new DataSourceTransactionManager(database));
        var rows = new GroupRows(jdbc, Duration.ofMillis(500));
        var locked = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        var frozen = CompletableFuture.runAsync(() -> transactions.executeWithoutResult(status -> {
            rows.lock(run.key());
            locked.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        locked.await();
        GroupRows.Group mine = transactions.execute(status -> rows.lock(run.key()));
        assertThat(mine.generation()).isZero();
        over.countDown();
        assertThat(frozen).failsWithin(Duration.ofSeconds(30));
    }

    @Test
    void whoeverLostTheSlotIsOut() throws Exception {
        var waiting = joining(patient, 0, 2);
        var members = new JdbcTemplate(database);
        String entered = "select count(*) from training_member where run_key = ?";
        while (!Long.valueOf(1).equals(members.queryForObject(entered, Long.class, run.key()))) {
            Thread.sleep(10);
        }
        Membership successor = hasty.join(run, 0, 2, 2, () -> {});
        assertThatThrownBy(waiting::join).hasMessageContaining("slot 0").hasMessageContaining("taken over");
        assertThat(successor.size()).isEqualTo(1);
        // Its lease is over, but it has not heard of that: it may not take the slot back.
        assertThatThrownBy(() -> hasty.join(run, 0, 1, 2, () -> {}))
                .isInstanceOf(InterruptedException.class)
                .hasMessageContaining("taken over");
        assertThat(successor.regroupWanted()).isFalse();
        var lost = new AtomicBoolean();
        successor.onLoss(() -> lost.set(true));
        Membership third = hasty.join(run, 0, 3, 2, () -> {});
        while (!lost.get()) {
            Thread.sleep(10);
        }
        assertThat(successor.regroupWanted()).isTrue();
        third.close();
        successor.close();
    }

    @Test
    void theOthersMayGoWhenTheModelIsThere() throws Exception {
        Membership first = hasty.join(run, 0, 1, 2, () -> {});
        first.finish();
        first.close();
        try (Membership late = patient.join(run, 1, 1, 2, () -> {})) {
            assertThat(late.finished()).isTrue();
        }
        // The one that hands in has to do it again if it died over it.
        try (Membership retried = hasty.join(run, 0, 1, 2, () -> {})) {
            assertThat(retried.finished()).isFalse();
            assertThat(retried.generation()).isEqualTo(2);
        }
    }

    @Test
    void onlyWhatCheckpointsHoldCounts() throws Exception {
        try (Membership one = hasty.join(run, 0, 1, 1, () -> {})) {
            TrainingLedger ledger = one.ledger(SPACE);
            ledger.resumed(List.of());
            ledger.commit(3, List.of(new ConsumedBatches(1, 0, 3)), () -> {});
            ledger.commit(5, List.of(new ConsumedBatches(1, 0, 5)), () -> {});
            assertThat(hasty.report(run).samples()).isEqualTo(20);
            // Published, but killed before the ledger heard of it: here the ledger is told nothing.
        }
        try (Membership two = hasty.join(run, 0, 1, 1, () -> {})) {
            TrainingLedger ledger = two.ledger(SPACE);
            // The newest checkpoint could not be read: back to step 3, and batch 4 broke training.
            ledger.resumed(List.of(new ConsumedBatches(1, 0, 3)));
            assertThat(hasty.report(run).samples()).isEqualTo(12);
            ledger.commit(
                    6,
                    List.of(new ConsumedBatches(1, 0, 3), new ConsumedBatches(2, 3, 4), new ConsumedBatches(2, 5, 7)),
                    () -> {});
        }
        LedgerReport report = hasty.report(run);
        assertThat(report.faults()).isEmpty();
        assertThat(report.exactlyOnce()).isTrue();
        assertThat(report.samples()).isEqualTo(6 * 4);
        assertThat(report.ranges())
                .extracting(SampleRange::status)
                .contains(Status.VOID, Status.SKIPPED, Status.COMMITTED);
        assertThat(report.ranges())
                .filteredOn(range -> range.status() == Status.SKIPPED)
                .extracting(SampleRange::firstSample, SampleRange::lastSample)
                .containsExactly(org.assertj.core.api.Assertions.tuple(16L, 19L));
        assertThat(report.ranges())
                .allSatisfy(range -> assertThat(range.firstIndex()).isEqualTo(range.firstSample() % 10));
    }

    @Test
    void aCheckpointThatWasPublishedButNotTakenDownIsTakenDownLater() throws Exception {
        try (Membership one = hasty.join(run, 0, 1, 1, () -> {})) {
            TrainingLedger ledger = one.ledger(SPACE);
            ledger.resumed(List.of());
            assertThatThrownBy(() -> ledger.commit(2, List.of(new ConsumedBatches(1, 0, 2)), () -> {
                        throw new IOException("no space left");
                    }))
                    .hasMessage("no space left");
            assertThat(hasty.report(run).samples()).isZero();
        }
        try (Membership two = hasty.join(run, 0, 1, 1, () -> {})) {
            TrainingLedger ledger = two.ledger(SPACE);
            ledger.resumed(List.of(new ConsumedBatches(1, 0, 2)));
            ledger.commit(4, List.of(new ConsumedBatches(1, 0, 2), new ConsumedBatches(2, 2, 4)), () -> {});
        }
        assertThat(hasty.report(run).exactlyOnce()).isTrue();
        assertThat(hasty.report(run).samples()).isEqualTo(16);
    }

    @Test
    void aFormerGroupPublishesNothing() throws Exception {
        Membership former = hasty.join(run, 0, 1, 1, () -> {});
        TrainingLedger ledger = former.ledger(SPACE);
        ledger.resumed(List.of());
        var published = new AtomicBoolean();
        try (Membership now = hasty.join(run, 0, 1, 1, () -> {})) {
            assertThat(now.generation()).isEqualTo(2);
            assertThatThrownBy(() -> ledger.commit(2, List.of(new ConsumedBatches(1, 0, 2)), () -> published.set(true)))
                    .isInstanceOf(GenerationEndedException.class)
                    .hasMessageContaining("group 2 trains now");
        }
        assertThat(published).isFalse();
        assertThat(hasty.report(run).ranges()).isEmpty();
        former.close();
    }

    @Test
    void gapsAndRepeatsAreNamed() {
        List<SampleRange> ranges = List.of(
                new SampleRange(1, 0, 0, 3, 0, 3, 1L, Status.COMMITTED),
                new SampleRange(1, 0, 3, 5, 3, 5, 2L, Status.COMMITTED),
                new SampleRange(1, 0, 8, 9, 8, 9, 3L, Status.COMMITTED));
        LedgerReport report = LedgerReport.of(ranges);
        assertThat(report.exactlyOnce()).isFalse();
        assertThat(report.faults()).containsExactly("samples 3 to 3 are there twice", "samples 6 to 7 are missing");
    }
}
