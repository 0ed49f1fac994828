package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.spec.CleanSpec;
import java.util.ArrayList;
import java.util.List;

/** The rounds of {@link CleanStage}; which ones run depends on the specification. */
enum Phase {
    /** A raw shard: extract, normalize, filter; fingerprints of what is kept. */
    FILTER,
    /** A range of fingerprints over all shards: which documents are copies. */
    DEDUPLICATE,
    /** Some filtered shards without the copies: clean shards. */
    PACK;

    static List<Phase> of(CleanSpec spec) {
        var phases = new ArrayList<>(List.of(FILTER));
        if (spec.exactDedup()) {
            phases.add(DEDUPLICATE);
        }
        phases.add(PACK);
        return phases;
    }
}
