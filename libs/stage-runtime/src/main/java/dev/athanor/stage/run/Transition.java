package dev.athanor.stage.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of one event.
 *
 * @param run null where the event is about a run that nobody knows
 * @param task the task's new state, or null where the event was about the whole run
 * @param accepted false: the event was late, doubled or forbidden, and changed nothing
 */
public record Transition(
        @Nullable RunState run, @Nullable TaskState task, boolean accepted, List<RunCommand> commands) {

    public Transition {
        commands = List.copyOf(commands);
    }

    static Transition refused(@Nullable RunState run, @Nullable TaskState task) {
        return new Transition(run, task, false, List.of());
    }

    static Transition to(RunState run, @Nullable TaskState task, RunCommand... commands) {
        return new Transition(run, task, true, List.of(commands));
    }
}
