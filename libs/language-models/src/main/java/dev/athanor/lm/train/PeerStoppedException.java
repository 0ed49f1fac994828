package dev.athanor.lm.train;

import java.io.Serial;

/** Another process of the group was told to stop, so all did, after a checkpoint that holds every step made. */
public final class PeerStoppedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    PeerStoppedException(long step) {
        super("a training process was told to stop after step " + step);
    }
}
