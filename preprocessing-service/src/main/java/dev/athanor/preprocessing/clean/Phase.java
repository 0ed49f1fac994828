package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskOutput;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The rounds of {@link CleanStage}; which ones run depends on the specification. */
enum Phase {
    /** A raw shard: extract, normalize, filter; fingerprints of what is kept. */
    FILTER(spec -> true),
    /** A range of fingerprints over all shards: which documents have the URL of an earlier one. */
    URLS(spec -> spec.dedup().urls()),
    /** Likewise: which documents are copies. */
    DEDUPLICATE(CleanSpec::exactDedup),
    /** A range of MinHash bands over all shards: which documents are nearly equal. */
    MATCH(CleanSpec::nearDedup),
    /** The clusters of nearly equal documents. */
    CLUSTER(CleanSpec::nearDedup),
    /** A filtered shard without copied documents: fingerprints of lines, paragraphs and anchors. */
    SEGMENT(Phase::hasSegments),
    /** A range of lines over all shards: which ones are copies. */
    LINES(spec -> spec.dedup().lines()),
    PARAGRAPHS(spec -> spec.dedup().paragraphs()),
    /** A range of anchors over all shards: which ones occur more than once. */
    ANCHORS(spec -> spec.dedup().substring() > 0),
    /** A shard again: fingerprints of the windows around those. */
    WINDOW(spec -> spec.dedup().substring() > 0),
    /** A range of windows over all shards: which ones are copies. */
    WINDOWS(spec -> spec.dedup().substring() > 0),
    /** Some filtered shards without the copies: clean shards. */
    PACK(spec -> true);

    private final Predicate<CleanSpec> runs;

    Phase(Predicate<CleanSpec> runs) {
        this.runs = runs;
    }

    static List<Phase> of(CleanSpec spec) {
        return Arrays.stream(values()).filter(p -> p.runs.test(spec)).toList();
    }

    static boolean hasSegments(CleanSpec spec) {
        return spec.dedup().lines() || spec.dedup().paragraphs() || spec.dedup().substring() > 0;
    }

    /** What this round's tasks made; empty where the round does not run. */
    List<TaskOutput> outputs(StageContext<CleanSpec> context) {
        int round = of(context.spec()).indexOf(this);
        return round < 0 ? List.of() : context.outputs(round);
    }
}
