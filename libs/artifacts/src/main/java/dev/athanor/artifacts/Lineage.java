package dev.athanor.artifacts;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.artifact.Manifest;
import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where an artifact came from: itself and everything it was made of, breadth first, each once. The edges are
 * {@link Manifest#madeOf}.
 */
public record Lineage(ArtifactId root, List<Node> nodes) {

    private static final int MAX_NODES = 10_000;

    public record Node(ArtifactId id, Manifest manifest) {}

    public Lineage {
        nodes = List.copyOf(nodes);
    }

    public static Lineage of(ArtifactStore store, ArtifactId root) throws IOException {
        List<Node> nodes = new ArrayList<>();
        Set<ArtifactId> seen = new HashSet<>(Set.of(root));
        ArrayDeque<ArtifactId> queue = new ArrayDeque<>(seen);
        for (ArtifactId id = queue.poll(); id != null; id = queue.poll()) {
            if (nodes.size() == MAX_NODES) {
                throw new AthanorException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "the lineage of " + root + " has more than " + MAX_NODES + " artifacts");
            }
            Manifest manifest = store.manifest(id);
            nodes.add(new Node(id, manifest));
            manifest.madeOf().stream().filter(seen::add).forEach(queue::add);
        }
        return new Lineage(root, nodes);
    }
}
