package dev.athanor.ingestion.table;

import java.io.IOException;

/** One row is broken; the rows after it can be read. */
public final class BadRowException extends IOException {

    private final long number;

    public BadRowException(long number, String message) {
        super(message);
        this.number = number;
    }

    public long number() {
        return number;
    }
}
