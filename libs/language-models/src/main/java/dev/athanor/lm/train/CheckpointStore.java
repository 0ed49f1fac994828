package dev.athanor.lm.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Where checkpoints outlive the process; each file appears under its name whole or not at all. */
public interface CheckpointStore {

    /** Names that start with the prefix, sorted. */
    List<String> list(String prefix) throws IOException;

    /** Publishes the file atomically, replacing an earlier one. */
    void publish(String name, Path file) throws IOException;

    /** Copies or links the named file to a path that does not exist yet. */
    void fetch(String name, Path target) throws IOException;

    void delete(String name) throws IOException;
}
