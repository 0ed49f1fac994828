package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskOutput;
import java.util.ArrayList;
import java.util.List;

/** The rounds of {@link CleanStage}; which ones run depends on the specification. */
enum Phase {
    /** A raw shard: extract, normalize, filter; fingerprints of what is kept. */
    FILTER,
    /** A range of fingerprints over all shards: which documents are copies. */
    DEDUPLICATE,
    /** A range of MinHash bands over all shards: which documents are nearly equal. */
    MATCH,
    /** The clusters of nearly equal documents. */
    CLUSTER,
    /** Some filtered shards without the copies: clean shards. */
    PACK;

    static List<Phase> of(CleanSpec spec) {
        var phases = new ArrayList<>(List.of(FILTER));
        if (spec.exactDedup()) {
            phases.add(DEDUPLICATE);
        }
        if (spec.nearDedup()) {
            phases.add(MATCH);
            phases.add(CLUSTER);
        }
        phases.add(PACK);
        return phases;
    }

    /** What this round's tasks made; empty where the round does not run. */
    List<TaskOutput> outputs(StageContext<CleanSpec> context) {
        int round = of(context.spec()).indexOf(this);
        return round < 0 ? List.of() : context.outputs(round);
    }
}
