package dev.athanor.stage.work;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the workers of this instance are at. */
public class RunningTasks {

    private final Set<RunningTask> running = ConcurrentHashMap.newKeySet();

    RunningTask begin(ClaimedTask claim) {
        RunningTask task = new RunningTask(claim);
        running.add(task);
        return task;
    }

    void end(RunningTask task) {
        running.remove(task);
    }

    Collection<RunningTask> all() {
        return List.copyOf(running);
    }

    void stop(String runKey, String reason) {
        running.stream().filter(t -> t.claim().runKey().equals(runKey)).forEach(t -> t.stop(reason));
    }

    void stopAll(String reason) {
        running.forEach(t -> t.stop(reason));
    }

    public int size() {
        return running.size();
    }
}
