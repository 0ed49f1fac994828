package dev.athanor.stage.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.persistence.OutboxRows;
import dev.athanor.stage.persistence.StoredOutput;
import dev.athanor.stage.run.TaskId;
import dev.athanor.stage.work.ClaimedTask;
import dev.athanor.stage.work.StageRuns;
import dev.athanor.stage.work.TaskClaims;
import dev.athanor.stage.work.TaskResults;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Claims and results against a real database, with the instance's own workers sent home. */
class FencingTest {

    private final ConfigurableApplicationContext service = SharedService.get();

    private void startRun(StageRun run) {
        service.getBean(TransactionTemplate.class)
                .executeWithoutResult(status -> service.getBean(StageRuns.class).apply(GatewaySide.start(run, 1)));
    }

    private ClaimedTask claim(TaskId task) {
        return service.getBean(TaskClaims.class).claim(task.key()).orElseThrow();
    }

    private void endLease(ClaimedTask task) {
        service.getBean(JdbcTemplate.class)
                .update(
                        "UPDATE " + SharedService.SCHEMA
                                + ".stage_task SET lease_until = now() - interval '1 second' WHERE id = ?",
                        task.id().key());
    }

    @Test
    void aZombiesLateWordsAreIgnored() {
        StageRun run = GatewaySide.newRun();
        startRun(run);
        TaskClaims claims = service.getBean(TaskClaims.class);
        TaskResults results = service.getBean(TaskResults.class);
        ClaimedTask planning = claim(TaskId.plan(run, 0));
        assertThat(claims.claim(planning.id().key()))
                .as("a task has one worker")
                .isEmpty();
        assertThat(results.planned(planning, List.of(new TaskPlan("only", Json.tree(Map.of())))))
                .isTrue();
        assertThat(results.planned(planning, List.of())).as("said twice").isFalse();

        TaskId only = new TaskId(run, TaskId.Kind.EXECUTE, 0, 0);
        ClaimedTask zombie = claim(only);
        endLease(zombie);
        ClaimedTask heir = claim(only);
        assertThat(heir.id()).isEqualTo(zombie.id());
        assertThat(heir.fencing()).isGreaterThan(zombie.fencing());
        long messages = service.getBean(JdbcTemplate.class)
                .queryForObject("SELECT last_value FROM " + SharedService.SCHEMA + ".outbox_id_seq", Long.class);
        assertThat(claims.renew(zombie, null)).isFalse();
        assertThat(results.executed(zombie, stored("late"), output(), null)).isFalse();
        assertThat(results.released(zombie)).isFalse();
        assertThat(service.getBean(JdbcTemplate.class)
                        .queryForObject(
                                "SELECT last_value FROM " + SharedService.SCHEMA + ".outbox_id_seq", Long.class))
                .as("no message either")
                .isEqualTo(messages);
        assertThat(claims.renew(heir, null)).isTrue();
        assertThat(results.executed(heir, stored("good"), output(), null)).isTrue();
        assertThat(results.outputs(heir.runKey(), 0)).containsExactly(stored("good"));
        assertThat(results.failed(claim(TaskId.plan(run, 1)), ErrorCode.INVALID_SPEC, "enough"))
                .isTrue();
    }

    private StoredOutput stored(String text) {
        return new StoredOutput(text, null);
    }

    private TaskOutput output() {
        return new TaskOutput(List.of(), new TreeMap<>(), Json.MAPPER.createObjectNode());
    }

    @Test
    void theOutboxEmptiesItself() throws InterruptedException {
        startRun(GatewaySide.newRun());
        OutboxRows rows = service.getBean(OutboxRows.class);
        for (int i = 0; i < 200 && rows.count() > 0; i++) {
            Thread.sleep(100);
        }
        assertThat(rows.count()).isZero();
    }
}
