package dev.athanor.ingestion.source;

import dev.athanor.contracts.spec.SourceSpec;
import java.io.IOException;
import java.util.List;

/**
 * Reads one kind of source. Adding one: a record in {@link SourceSpec}, a class here, a line in {@link Connectors}, its
 * test against a local server, a row in docs/reference/sources.md.
 *
 * @param <S> the source's specification
 */
public interface Connector<S extends SourceSpec> {

    Class<S> spec();

    /** Most items that may be read beyond the seeds; those found first are taken. */
    default long maxItems(S source) {
        return Long.MAX_VALUE;
    }

    /** The first items, in an order that depends on nothing but the source. Quick: no network. */
    List<Item> seeds(S source) throws IOException;

    /**
     * Reads one item: documents go out, and so do items found on the way (pages of a listing, links), which are read in the
     * next round.
     *
     * @throws IOException when the item cannot be read: it goes to the dead letters
     */
    void read(S source, Item item, Reading reading) throws IOException, InterruptedException;
}
