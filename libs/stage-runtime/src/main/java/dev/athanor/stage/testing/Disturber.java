package dev.athanor.stage.testing;

import dev.athanor.contracts.message.MetricPoint;
import dev.athanor.stage.api.TaskOutput;
import dev.athanor.stage.run.TaskId;
import dev.athanor.stage.run.TaskSignals;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs calls of execute as a cluster on a bad day would: some die, some are done twice, some twice at once. */
final class Disturber {

    interface Call {
        TaskOutput execute(TaskSignals signals) throws IOException, InterruptedException;
    }

    /** Dies like a process: no stage is to catch it. */
    private static final class Killed extends Error {
        Killed() {
            super("killed on purpose", null, false, false);
        }
    }

    private static final int MAX_SIGNALS_BEFORE_A_KILL = 40;

    private final @Nullable Long seed;
    private final List<MetricPoint> metrics;
    private final AtomicInteger executions = new AtomicInteger();

    Disturber(@Nullable Long seed, List<MetricPoint> metrics) {
        this.seed = seed;
        this.metrics = metrics;
    }

    int executions() {
        return executions.get();
    }

    TaskOutput execute(TaskId id, Call call) throws IOException, InterruptedException {
        if (seed == null) {
            return attempt(call, Integer.MAX_VALUE);
        }
        Random random = new Random(seed * 31 + id.round() * 1_000_003L + id.index());
        for (int kills = random.nextInt(3); kills > 0; kills--) {
            try {
                // A call that ends before its death is a result that got lost on the way.
                attempt(call, random.nextInt(MAX_SIGNALS_BEFORE_A_KILL));
            } catch (Killed | InterruptedException e) {
                // As meant; the next attempt finds its scratch.
            }
        }
        return random.nextInt(4) == 0 ? besideAZombie(call) : attempt(call, Integer.MAX_VALUE);
    }

    private TaskOutput besideAZombie(Call call) throws IOException, InterruptedException {
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<TaskOutput> zombie = threads.submit(() -> attempt(call, Integer.MAX_VALUE));
            TaskOutput output = attempt(call, Integer.MAX_VALUE);
            zombie.get();
            return output;
        } catch (ExecutionException e) {
            throw new IOException("a second call of the same task at the same time failed", e.getCause());
        }
    }

    private TaskOutput attempt(Call call, int signalsToLive) throws IOException, InterruptedException {
        long fencing = executions.incrementAndGet();
        AtomicInteger left = new AtomicInteger(signalsToLive);
        return call.execute(new TaskSignals() {
            @Override
            public void progress(long done, long total, String unit, String message) {
                countDown();
            }

            @Override
            public void metrics(List<MetricPoint> points) {
                countDown();
                metrics.addAll(points);
            }

            @Override
            public long fencing() {
                return fencing;
            }

            @Override
            public void checkStop() throws InterruptedException {
                if (left.getAndDecrement() <= 0) {
                    throw new InterruptedException("stopped on purpose");
                }
            }

            private void countDown() {
                if (left.getAndDecrement() <= 0) {
                    throw new Killed();
                }
            }
        });
    }
}
