package dev.athanor.artifacts;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns "no space left" into one error with a clear message. */
final class StorageFull {

    interface Write {
        Object run() throws IOException;
    }

    private StorageFull() {}

    static void guard(Path where, Write write) throws IOException {
        try {
            write.run();
        } catch (IOException e) {
            if (isFull(e)) {
                throw exception(where, String.valueOf(e.getMessage()), e);
            }
            throw e;
        }
    }

    static AthanorException exception(Path where, String detail, @Nullable Throwable cause) {
        return new AthanorException(
                ErrorCode.STORAGE_FULL,
                "the disk of the artifact store " + where + " is full (" + detail + "); free some space and retry",
                cause);
    }

    /** The JDK has no exception type of its own for ENOSPC and EDQUOT, only the system's text. */
    private static boolean isFull(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }
}
