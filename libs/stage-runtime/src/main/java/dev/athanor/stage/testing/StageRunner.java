package dev.athanor.stage.testing;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.stage.api.Stage;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.api.TaskPlan;
import dev.athanor.stage.run.StageCalls;
import dev.athanor.stage.run.TaskId;
import dev.athanor.stage.run.WorkFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Runs a stage in this process, without Kafka and PostgreSQL: plan, execute with some threads in random order, merge.
 * With {@link #disturbed} calls of execute are killed, repeated and doubled at random; a stage that keeps its promise
 * gives the same artifact all the same:
 *
 * <pre>{@code
 * var calm = StageRunner.of(stage, store).spec(spec).input("documents", raw).seed(7).run();
 * var wild = StageRunner.of(stage, store).spec(spec).input("documents", raw).seed(7).workers(4).disturbed(42).run();
 * assertThat(wild.artifact()).isEqualTo(calm.artifact());
 * }</pre>
 *
 * @param <S> specification record
 */
public final class StageRunner<S extends Record> {

    /**
     * What a run gave.
     *
     * @param rounds outputs of each round in the order of its plan
     * @param metrics all points, in order of arrival
     * @param executions calls of execute, with the disturbed ones
     */
    public record Result(
            ArtifactId artifact,
            Manifest manifest,
            List<List<TaskOutput>> rounds,
            List<MetricPoint> metrics,
            int executions) {}

    private final Stage<S> stage;
    private final ArtifactStore store;
    private final SortedMap<String, ArtifactId> inputs = new TreeMap<>();
    private Record spec;
    private long seed = 1;
    private int workers = 1;
    private @Nullable Long disturbance;
    private String jobId = "job-" + java.util.UUID.randomUUID();

    private StageRunner(Stage<S> stage, ArtifactStore store) {
        this.stage = stage;
        this.store = store;
        this.spec = stage.type().defaults();
    }

    public static <S extends Record> StageRunner<S> of(Stage<S> stage, ArtifactStore store) {
        return new StageRunner<>(stage, store);
    }

    /** The stage type's defaults, unless given. */
    public StageRunner<S> spec(S value) {
        this.spec = value;
        return this;
    }

    public StageRunner<S> input(String role, ArtifactId artifact) {
        inputs.put(role, artifact);
        return this;
    }

    public StageRunner<S> inputs(Map<String, ArtifactId> all) {
        inputs.putAll(all);
        return this;
    }

    /** 1 unless given. */
    public StageRunner<S> seed(long value) {
        this.seed = value;
        return this;
    }

    /** Threads that execute; 1 unless given. */
    public StageRunner<S> workers(int threads) {
        this.workers = threads;
        return this;
    }

    /** Kills, repeats and doubles calls of execute at random; a killed call is tried again, with its scratch kept. */
    public StageRunner<S> disturbed(long randomSeed) {
        this.disturbance = randomSeed;
        return this;
    }

    /** Names the run, so that a second run finds the scratch files of a first one that failed. */
    public StageRunner<S> job(String id) {
        this.jobId = id;
        return this;
    }

    public Result run() throws IOException, InterruptedException {
        var start =
                new StageCommand.Start(new StageRun(jobId, "stage", stage.type(), 1), Json.tree(spec), inputs, seed);
        var calls = new StageCalls<>(stage, store, new WorkFolders(Files.createTempDirectory("athanor-stage-runner")));
        List<List<TaskOutput>> rounds = new ArrayList<>();
        List<MetricPoint> metrics = Collections.synchronizedList(new ArrayList<>());
        var disturber = new Disturber(disturbance, metrics);
        try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
            for (int round = 0; ; round++) {
                List<TaskPlan> plan = calls.plan(start, round, rounds::get);
                if (plan.isEmpty()) {
                    break;
                }
                rounds.add(executeRound(calls, start, round, plan, rounds, disturber, threads));
            }
        }
        var published = calls.merge(start, rounds.size(), rounds::get);
        store.scratch(start.run().key()).clear();
        return new Result(
                published.artifact(),
                store.manifest(published.artifact()),
                List.copyOf(rounds),
                List.copyOf(metrics),
                disturber.executions());
    }

    private List<TaskOutput> executeRound(
            StageCalls<S> calls,
            StageCommand.Start start,
            int round,
            List<TaskPlan> plan,
            List<List<TaskOutput>> rounds,
            Disturber disturber,
            ExecutorService threads)
            throws IOException, InterruptedException {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < plan.size(); i++) {
            order.add(i);
        }
        if (disturbance != null) {
            Collections.shuffle(order, new Random(disturbance + round));
        }
        Map<Integer, Future<TaskOutput>> running = new TreeMap<>();
        for (int index : order) {
            TaskId id = new TaskId(start.run(), TaskId.Kind.EXECUTE, round, index);
            Callable<TaskOutput> call = () ->
                    disturber.execute(id, signals -> calls.execute(start, id, plan.get(index), rounds::get, signals));
            running.put(index, threads.submit(call));
        }
        try {
            List<TaskOutput> outputs = new ArrayList<>();
            for (Future<TaskOutput> task : running.values()) {
                outputs.add(task.get());
            }
            return List.copyOf(outputs);
        } catch (ExecutionException e) {
            running.values().forEach(task -> task.cancel(true));
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
