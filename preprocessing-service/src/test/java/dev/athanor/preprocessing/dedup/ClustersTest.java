package dev.athanor.preprocessing.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClustersTest {

    @TempDir
    Path folder;

    @Test
    void theSmallestPositionStandsForItsCluster() throws Exception {
        var a = new Position(0, 5);
        var b = new Position(1, 0);
        var c = new Position(1, 9);
        var d = new Position(2, 1);
        assertThat(others(new int[] {6, 10, 2}, List.of(c, d, b, c, a, d))).isEqualTo(List.of(b, c, d));
        assertThat(others(new int[] {6}, List.of())).isEmpty();
        assertThatThrownBy(() -> others(new int[] {5, 10, 2}, List.of(a, b)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void equalToThePlainTwin() throws Exception {
        var random = new Random(5);
        for (int round = 0; round < 40; round++) {
            int[] documents = random.ints(1 + random.nextInt(5), 1, 400).toArray();
            var pairs = new ArrayList<Position>();
            int ends = 2 * random.nextInt(600);
            for (int i = 0; i < ends; i++) {
                int shard = random.nextInt(documents.length);
                pairs.add(new Position(shard, random.nextInt(documents[shard])));
            }
            var plain = new PlainClusters();
            for (int i = 0; i < pairs.size(); i += 2) {
                plain.join(pairs.get(i), pairs.get(i + 1));
            }
            assertThat(others(documents, pairs)).isEqualTo(plain.others());
        }
    }

    @Test
    void millionsOfDocumentsTakeNoHeap() throws Exception {
        // 4 GB of forest, most of it holes: more than the heap of the tests holds.
        int[] documents = {500_000_000, 20_000_000};
        try (var clusters = new Clusters(folder.resolve("large"), documents)) {
            clusters.join(new Position(1, 19_999_999), new Position(0, 499_999_999));
            clusters.join(new Position(1, 0), new Position(1, 19_999_999));
            assertThatThrownBy(() -> clusters.join(new Position(0, 0), new Position(1, 20_000_000)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    private List<Position> others(int[] documents, List<Position> pairs) throws Exception {
        Path matches = folder.resolve("matches");
        try (var out = new PositionWriter(matches)) {
            for (int i = 0; i < pairs.size(); i += 2) {
                out.writePair(pairs.get(i), pairs.get(i + 1));
            }
        }
        Path file = folder.resolve("others");
        try (var clusters = new Clusters(folder.resolve("clusters"), documents);
                var out = new PositionWriter(file)) {
            PositionWriter.readPairs(matches, clusters::join);
            clusters.others(out);
        }
        // What later rounds read: a bit for each document of a shard.
        var others = new ArrayList<Position>();
        for (int shard = 0; shard < documents.length; shard++) {
            var indexes = new BitSet();
            Positions.read(file, shard, indexes);
            int at = shard;
            indexes.stream().forEach(index -> others.add(new Position(at, index)));
        }
        assertThat(Files.size(file)).isEqualTo(8L * others.size());
        return others;
    }
}
