package dev.athanor.ingestion.labelled;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.stage.data.DataRoots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of a labelled set, and the prefix of its files where the folder holds several sets. */
record SetPath(Path folder, String prefix) {

    static SetPath of(String path, DataRoots roots) throws IOException {
        try {
            Path folder = roots.resolve("path", path);
            if (Files.isDirectory(folder)) {
                return new SetPath(folder, "");
            }
            throw AthanorException.invalidSpec("path", path, "a folder");
        } catch (AthanorException e) {
            int slash = path.lastIndexOf('/');
            String last = path.substring(slash + 1);
            if (slash > 0 && !last.isEmpty() && !last.equals("..")) {
                Path folder = resolveOr(e, path.substring(0, slash), roots);
                if (Files.isDirectory(folder)) {
                    return new SetPath(folder, last);
                }
            }
            throw e;
        }
    }

    private static Path resolveOr(AthanorException first, String path, DataRoots roots) throws IOException {
        try {
            return roots.resolve("path", path);
        } catch (AthanorException e) {
            throw first;
        }
    }
}
