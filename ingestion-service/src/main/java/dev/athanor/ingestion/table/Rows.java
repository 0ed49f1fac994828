package dev.athanor.ingestion.table;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Rows of a table, read once from first to last. */
public interface Rows extends Closeable {

    /**
     * The next row, or null at the end.
     *
     * @throws BadRowException when this row cannot be read; the next call goes on behind it
     * @throws IOException when nothing more can be read
     */
    @Nullable
    Row next() throws IOException;
}
