package dev.athanor.trainer.pretraining;

import dev.athanor.artifacts.LocalArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.job.StageType;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.lm.train.TrainingListener;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.run.StageCalls;
import dev.athanor.stage.run.TaskId;
import dev.athanor.stage.run.TaskSignals;
import dev.athanor.stage.run.WorkFolders;
import dev.athanor.trainer.persistence.PostgresGroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The worker of one slot in a JVM of its own, without the messages around it. Arguments: database URL, user, password, folder of the
 * store, job, slot, tokens, tokenizer, specification, step in which to wait to be killed or -1.
 */
final class WorkerProcess {

    static final String WAITING = "waiting to be killed";

    private WorkerProcess() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[3]);
        int slot = Integer.parseInt(args[5]);
        long deadly = Long.parseLong(args[9]);
        try (var store = new LocalArtifactStore(folder)) {
            var start = new StageCommand.Start(
                    run(args[4]),
                    Json.MAPPER.readTree(args[8]),
                    new TreeMap<>(Map.of("tokens", new ArtifactId(args[6]), "tokenizer", new ArtifactId(args[7]))),
                    5);
            var stage = new PretrainStage(
                    new TrainingListener() {}, groups(new DriverManagerDataSource(args[0], args[1], args[2])));
            var calls = new StageCalls<>(stage, store, new WorkFolders(folder.resolve("work-" + slot + "-" + deadly)));
            TaskPlan plan = new TaskPlan("worker-" + slot, Json.tree(Map.of("slot", slot)));
            TaskOutput output = calls.execute(
                    start,
                    new TaskId(start.run(), TaskId.Kind.EXECUTE, 0, slot),
                    plan,
                    round -> List.of(),
                    new Signals(deadly));
            System.out.println("output " + Json.MAPPER.writeValueAsString(output));
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    static StageRun run(String job) {
        return new StageRun(job, "pretrain", StageType.PRETRAIN, 1);
    }

    static PostgresGroups groups(DriverManagerDataSource database) {
        return new PostgresGroups(
                new JdbcTemplate(database),
                new TransactionTemplate(new DataSourceTransactionManager(database)),
                new PostgresGroups.Settings(
                        "127.0.0.1",
                        Duration.ofMinutes(5),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(10)));
    }

    private static final class Signals implements TaskSignals {
        private final long deadly;
        private boolean leaseLost;

        Signals(long deadly) {
            this.deadly = deadly;
        }

        @Override
        public void progress(long done, long total, String unit, String message) {
            if (done == deadly) {
                System.out.println(WAITING);
                System.out.flush();
                try {
                    // Until the test lets go of this process, if it is not dead by then.
                    System.in.read();
                    leaseLost = true;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        /** The one that is to die is the first to hold its slot. */
        @Override
        public long fencing() {
            return deadly < 0 ? 2 : 1;
        }

        @Override
        public void metrics(List<MetricPoint> points) {}

        @Override
        public void checkStop() throws InterruptedException {
            if (leaseLost) {
                throw new InterruptedException("its lease is over");
            }
        }
    }
}
