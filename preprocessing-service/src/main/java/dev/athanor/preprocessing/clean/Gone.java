package dev.athanor.preprocessing.clean;

import dev.athanor.contracts.artifact.ArtifactFile;
import dev.athanor.contracts.spec.CleanSpec;
import dev.athanor.preprocessing.dedup.Position;
import dev.athanor.preprocessing.dedup.Positions;
import dev.athanor.stage.api.StageContext;
import dev.athanor.stage.api.TaskOutput;
import java.io.IOException;
import java.nio.file.Path;
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
        List<Path> files = files(context, phases);
        for (int shard = 0; shard < Phase.FILTER.outputs(context).size(); shard++) {
            gone.byShard.add(read(files, shard));
        }
        return gone;
    }

    /** What the tasks of some rounds found in one shard: indexes of documents, or numbers of lines, paragraphs or bytes. */
    static BitSet in(StageContext<CleanSpec> context, int shard, Phase... phases) throws IOException {
        return read(files(context, phases), shard);
    }

    private static BitSet read(List<Path> files, int shard) throws IOException {
        var indexes = new BitSet();
        for (Path file : files) {
            Positions.read(file, shard, indexes);
        }
        return indexes;
    }

    private static List<Path> files(StageContext<CleanSpec> context, Phase... phases) throws IOException {
        var files = new ArrayList<Path>();
        for (Phase phase : phases) {
            for (TaskOutput output : phase.outputs(context)) {
                ArtifactFile file = TaskFiles.of(output, TaskFiles.DUPLICATES);
                files.add(context.store().local(file.blob()));
            }
        }
        return files;
    }

    boolean has(Position position) {
        return position.shard() < byShard.size()
                && byShard.get(position.shard()).get(position.document());
    }
}
