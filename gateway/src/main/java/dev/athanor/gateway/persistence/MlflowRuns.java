package dev.athanor.gateway.persistence;

import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * What the MLflow server has been told and what not. It is the queue between the jobs and a server that may be slow or away: the points
 * wait in the table of metric series, where they are anyway.
 */
@Repository
public class MlflowRuns {

    /** Services whose stages are runs. */
    private static final Set<String> SERVICES = Set.of("trainer", "finetune", "evaluation");

    /**
     * @param runId null where the server knows nothing yet
     * @param place of the last point that the server has
     * @param news number of what was last heard of the stage
     */
    public record Run(
            String jobId,
            String stageId,
            int attempt,
            @Nullable String runId,
            long place,
            long news) {

        public String key() {
            return jobId + "/" + stageId + "/" + attempt;
        }
    }

    public record Placed(long place, Instant at, MetricPoint point) {}

    private final JdbcTemplate jdbc;
    private final boolean wanted;

    /** @param url of the server; blank = there is none, and nothing is written down */
    MlflowRuns(JdbcTemplate jdbc, @Value("${athanor.mlflow.url:}") String url) {
        this.jdbc = jdbc;
        this.wanted = !url.isBlank();
    }

    /** There is something to tell; a part of the transaction that took it in. */
    public void heardOf(StageRun run) {
        if (wanted && SERVICES.contains(run.type().service())) {
            jdbc.update("""
                    insert into mlflow_run (job_id, stage_id, attempt) values (?, ?, ?)
                    on conflict (job_id, stage_id, attempt) do update set news = mlflow_run.news + 1
                    """, run.jobId(), run.stageId(), run.attempt());
        }
    }

    /** One that there is something to tell of, and that no other instance of the gateway takes for a while. */
    public Optional<Run> take(Duration hold) {
        return jdbc
                .query(
                        """
                        update mlflow_run set held_until = now() + ? * interval '1 millisecond'
                        where (job_id, stage_id, attempt) in (
                            select job_id, stage_id, attempt from mlflow_run where news > told and held_until < now()
                            order by held_until limit 1 for update skip locked)
                        returning job_id, stage_id, attempt, run_id, place, news
                        """,
                        (row, i) -> new Run(
                                row.getString(1),
                                row.getString(2),
                                row.getInt(3),
                                row.getString(4),
                                row.getLong(5),
                                row.getLong(6)),
                        hold.toMillis())
                .stream()
                .findFirst();
    }

    public void opened(Run run, String runId) {
        update("set run_id = ?", run, runId);
    }

    public void sent(Run run, long place) {
        update("set place = ?", run, place);
    }

    public void told(Run run) {
        update("set told = ?, held_until = 'epoch'", run, run.news());
    }

    /** Gives it back as it is. */
    public void release(Run run) {
        update("set held_until = now()", run);
    }

    private void update(String set, Run run, Object... values) {
        Object[] arguments = Arrays.copyOf(values, values.length + 3);
        arguments[values.length] = run.jobId();
        arguments[values.length + 1] = run.stageId();
        arguments[values.length + 2] = run.attempt();
        jdbc.update("update mlflow_run " + set + " where job_id = ? and stage_id = ? and attempt = ?", arguments);
    }

    /** Points after a place, in the order in which they came. */
    public List<Placed> points(Run run, long after, int limit) {
        return jdbc.query(
                """
                select place, recorded_at, name, step, value from job_metric
                where job_id = ? and stage_id = ? and attempt = ? and place > ? order by place limit ?
                """,
                (row, i) -> new Placed(
                        row.getLong(1),
                        row.getTimestamp(2).toInstant(),
                        new MetricPoint(row.getString(3), row.getLong(4), row.getDouble(5))),
                run.jobId(),
                run.stageId(),
                run.attempt(),
                after,
                limit);
    }
}
