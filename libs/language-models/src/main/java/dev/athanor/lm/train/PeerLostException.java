package dev.athanor.lm.train;

import java.io.Serial;

/** A process that trains along is gone or late: the group is of no use any more, training goes on from the last checkpoint in a new one. */
public final class PeerLostException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    PeerLostException(String operation) {
        super("a training process does not answer: " + operation);
    }

    PeerLostException(String operation, Throwable cause) {
        super("a training process does not answer: " + operation + ": " + cause.getMessage(), cause);
    }
}
