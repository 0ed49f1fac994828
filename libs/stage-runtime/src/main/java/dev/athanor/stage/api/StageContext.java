package dev.athanor.stage.api;

import dev.athanor.artifacts.ArtifactStore;
import dev.athanor.contracts.artifact.Manifest;
import java.util.List;
import java.util.SortedSet;

/**
 * What {@link Stage#plan} and {@link Stage#merge} may read.
 *
 * @param <S> specification record
 */
public interface StageContext<S extends Record> {

    S spec();

    long seed();

    /** Manifest of the input artifact with this role. */
    Manifest input(String role);

    /** Roles of the input artifacts that there are. */
    SortedSet<String> roles();

    /** 0 for the first round. In {@link Stage#merge}: the number of rounds that ran. */
    int round();

    /** Outputs of an earlier round, in the order of its plan. */
    List<TaskOutput> outputs(int round);

    /** Outputs of all earlier rounds, in order of round and plan. */
    List<TaskOutput> outputs();

    ArtifactStore store();
}
