package dev.athanor.preprocessing.dedup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The plain twin of {@link Clusters}, in the heap. */
final class PlainClusters {

    private final Map<Position, Position> parents = new HashMap<>();

    void join(Position a, Position b) {
        Position first = root(a);
        Position second = root(b);
        int order = first.compareTo(second);
        if (order < 0) {
            parents.put(second, first);
        } else if (order > 0) {
            parents.put(first, second);
        }
    }

    private Position root(Position position) {
        Position at = position;
        for (Position above = parents.get(at); above != null; above = parents.get(at)) {
            // Path halving keeps the paths short.
            Position top = parents.get(above);
            if (top != null) {
                parents.put(at, top);
            }
            at = above;
        }
        return at;
    }

    /** All positions but the smallest of each cluster, sorted. */
    List<Position> others() {
        var others = new ArrayList<>(parents.keySet());
        others.sort(null);
        return others;
    }
}
