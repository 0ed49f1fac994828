package dev.athanor.artifacts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Durable named files of one task; each is published atomically and may be replaced. Names are as in artifact files. */
public interface Scratch {

    /** Names that start with the prefix, sorted. */
    List<String> list(String prefix) throws IOException;

    /** Publishes the file under the name, replacing an earlier one atomically. */
    void put(String name, Path file) throws IOException;

    /** Copies (or links) the named file to the target path, which must not exist. */
    void get(String name, Path target) throws IOException;

    void delete(String name) throws IOException;

    /** Deletes everything. */
    void clear() throws IOException;
}
