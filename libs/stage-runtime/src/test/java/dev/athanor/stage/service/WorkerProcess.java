package dev.athanor.stage.service;

import dev.athanor.contracts.message.StageRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/** An instance of the service in a JVM of its own, to be killed. */
final class WorkerProcess implements AutoCloseable {

    private static final long PATIENCE_NANOS = 150_000_000_000L;

    private final Process process;
    private final Path log;

    private WorkerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Returns when the instance is up. */
    static WorkerProcess start(Map<String, String> environment, Path log) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                WordCountApplication.class.getName()));
        builder.environment().putAll(environment);
        WorkerProcess worker = new WorkerProcess(
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
        worker.awaitLog("Started WordCountApplication");
        return worker;
    }

    /** kill -9. */
    void killWhenItHoldsATaskOf(StageRun run, JdbcTemplate database) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        String held = "SELECT count(*) FROM athanor_preprocessing.stage_task"
                + " WHERE run_key = ? AND kind = 'EXECUTE' AND status = 'LEASED' AND owner LIKE ?";
        while (database.queryForObject(held, Long.class, run.key(), process.pid() + "-%") == 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the process took no task");
            }
            Thread.sleep(5);
        }
        process.destroyForcibly().waitFor();
    }

    private void awaitLog(String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!Files.readString(log).contains(text)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("the process did not start: " + Files.readString(log));
            }
            Thread.sleep(100);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
