package dev.athanor.trainer.importing;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Faults of files that were given: of the request, by the file's name. */
final class Faults {

    private Faults() {}

    /** Reads something. */
    interface Reading<T> {
        T read() throws IOException;
    }

    static AthanorException of(String file, String fault) {
        return new AthanorException(ErrorCode.INVALID_REQUEST, "file '" + file + "': " + fault);
    }

    /** @throws AthanorException INVALID_REQUEST in place of any fault of what is read */
    static <T> T named(String file, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new AthanorException(ErrorCode.INVALID_REQUEST, "file '" + file + "': " + e.getMessage(), e);
        }
    }
}
