package dev.athanor.ingestion.labelled;

import dev.athanor.contracts.document.Split;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of a labelled data set.
 *
 * @param labels file with one label a line for each text line of {@code path}, or null where a table has both
 */
record SetFile(Split split, Path path, @Nullable Path labels) {}
