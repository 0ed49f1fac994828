package dev.athanor.stage.run;

import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.message.StageRun;
import java.util.Locale;

/**
 * Identity of a piece of work of one stage run.
 *
 * @param round the round that is planned or executed; of the merge: the number of rounds that ran
 * @param index position in the round's plan; 0 for plan and merge
 */
public record TaskId(StageRun run, Kind kind, int round, int index) {

    /** What is to be done: ask for the tasks of a round, do one of them, or make the artifact. */
    public enum Kind {
        PLAN,
        EXECUTE,
        MERGE;

        /** As shown in progress events. */
        public String phase() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public TaskId {
        Checks.range("round", round, 0, 1_000_000);
        Checks.range("index", index, 0, 100_000_000);
    }

    public static TaskId plan(StageRun run, int round) {
        return new TaskId(run, Kind.PLAN, round, 0);
    }

    public static TaskId merge(StageRun run, int rounds) {
        return new TaskId(run, Kind.MERGE, rounds, 0);
    }

    /** Unique over all runs; also the key of the task's scratch files, below the run's key. */
    public String key() {
        return run.key() + "/" + kind.phase() + "-" + round + "-" + index;
    }
}
