package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.Position;
import dev.athanor.preprocessing.dedup.Positions;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Documents that earlier rounds found to be copies: a bit each. */
final class Gone {

    private final List<BitSet> byShard = new ArrayList<>();

    private Gone() {}

    static Gone none() {
        return new Gone();
    }

    static Gone of(StageContext<CleanSpec> context, Phase... phases) throws IOException {
        var gone = new Gone();
        for (int shard = 0; shard < Phase.FILTER.outputs(context).size(); shard++) {
            gone.byShard.add(in(context, shard, phases));
        }
        return gone;
    }

    /** What the tasks of some rounds found in one shard: indexes of documents, or numbers of lines, paragraphs or bytes. */
    static BitSet in(StageContext<CleanSpec> context, int shard, Phase... phases) throws IOException {
        var indexes = new BitSet();
        for (Phase phase : phases) {
            for (TaskOutput output : phase.outputs(context)) {
                ArtifactFile file = TaskFiles.of(output, TaskFiles.DUPLICATES);
                Positions.read(context.store().local(file.blob()), shard, indexes);
            }
        }
        return indexes;
    }

    boolean has(Position position) {
        return position.shard() < byShard.size()
                && byShard.get(position.shard()).get(position.document());
    }
}
