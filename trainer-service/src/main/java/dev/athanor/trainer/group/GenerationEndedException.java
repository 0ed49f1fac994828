package dev.athanor.trainer.group;

import java.io.IOException;
import java.io.Serial;

/** A later group of the run has begun: what this one makes counts no more. */
public final class GenerationEndedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    public GenerationEndedException(long generation, long current) {
        super("group " + generation + " has ended, group " + current + " trains now");
    }
}
