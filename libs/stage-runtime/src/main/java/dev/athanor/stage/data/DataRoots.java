package dev.athanor.stage.data;

import dev.athanor.contracts.error.AthanorException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The folders that stages may read. Links and {@code ..} are followed first and the real path is judged. */
public final class DataRoots {

    private final List<Path> roots;

    public DataRoots(List<Path> roots) {
        this.roots = roots.stream().map(p -> p.toAbsolutePath().normalize()).toList();
    }

    /** @param paths separated by the platform's path separator, {@code :} on Unix */
    public static DataRoots of(String paths) {
        return new DataRoots(Arrays.stream(paths.split(File.pathSeparator))
                .map(String::strip)
                .filter(p -> !p.isEmpty())
                .map(Path::of)
                .toList());
    }

    /**
     * The real path of an existing file or folder within a root.
     *
     * @param path absolute, or relative to one of the roots or to the working folder
     * @throws AthanorException INVALID_SPEC naming the field
     */
    public Path resolve(String field, String path) throws IOException {
        for (Path candidate : candidates(field, path)) {
            if (Files.exists(candidate) && allows(candidate)) {
                return candidate.toRealPath();
            }
        }
        throw AthanorException.invalidSpec(
                field,
                path,
                roots.isEmpty()
                        ? "ATHANOR_DATA_ROOTS to name the folders that may be read"
                        : "an existing file or folder within " + roots);
    }

    /** Whether the real path lies in a root. */
    public boolean allows(Path path) throws IOException {
        if (!Files.exists(path)) {
            return false;
        }
        Path real = path.toRealPath();
        for (Path root : roots) {
            if (Files.exists(root) && real.startsWith(root.toRealPath())) {
                return true;
            }
        }
        return false;
    }

    private List<Path> candidates(String field, String path) {
        try {
            Path given = Path.of(path);
            if (given.isAbsolute()) {
                return List.of(given);
            }
            var candidates = new java.util.ArrayList<Path>();
            roots.forEach(root -> candidates.add(root.resolve(given)));
            candidates.add(given.toAbsolutePath());
            return candidates;
        } catch (InvalidPathException e) {
            throw AthanorException.invalidSpec(field, path, "a path");
        }
    }
}
