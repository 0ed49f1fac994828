package dev.athanor.stage.run;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.message.StageRun;
import java.time.Instant;
import java.util.SortedMap;

/** What can happen to a stage run; any of them may come twice, late, or never. */
public sealed interface RunEvent {

    /** Asked for by the user. */
    sealed interface OfRun extends RunEvent {}

    /** Said by or about a worker, of one task. */
    sealed interface OfTask extends RunEvent {}

    record Start(StageRun run) implements OfRun {}

    record Cancel(StageRun run) implements OfRun {}

    record Pause() implements OfRun {}

    record Resume() implements OfRun {}

    /** A worker asks for the task. */
    record Claim(String owner, Instant now) implements OfTask {}

    /** The worker lives and goes on. */
    record Renew(long fencing, Instant now) implements OfTask {}

    /** The clock says so; nobody claims a task that lost too many workers. */
    record Expire(Instant now) implements OfTask {}

    /** @param tasks of the planned round; 0 ends the rounds */
    record Planned(long fencing, int tasks) implements OfTask {}

    record Executed(long fencing) implements OfTask {}

    record Merged(long fencing, ArtifactId artifact, SortedMap<String, Long> counts) implements OfTask {}

    record Failed(long fencing, ErrorCode code, String message, Instant now) implements OfTask {}

    /** The worker gives the task back untouched: it shuts down, or was told to stop. */
    record Release(long fencing) implements OfTask {}
}
