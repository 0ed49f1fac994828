package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * {@code preprocessing.clean}: raw documents to clean ones.
 *
 * @param filters names of the filters to run, in order
 * @param exactDedup drop documents whose normalized text was seen before (the one with the smallest position stays)
 * @param shardBytes uncompressed JSONL bytes after which a shard is closed
 */
public record CleanSpec(List<String> filters, boolean exactDedup, long shardBytes) {

    public static final CleanSpec DEFAULTS = new CleanSpec(List.of("length", "gopher-quality"), true, 128L << 20);

    public CleanSpec {
        Checks.present("filters", filters);
        filters = List.copyOf(filters);
        Checks.range("shardBytes", shardBytes, 1 << 10, 4L << 30);
    }
}
