package dev.athanor.stage.run;

import dev.athanor.stage.api.TaskOutput;
import java.util.List;

/** Outputs of the rounds that are done, each read only when a stage asks for it. */
public interface RoundOutputs {

    /** In the order of the round's plan. */
    List<TaskOutput> of(int round);
}
