package dev.athanor.preprocessing.dedup;

/** A document by its place: shard in the order of the plan, and index in the shard. Of two copies the smaller one stays. */
public record Position(int shard, int document) implements Comparable<Position> {

    @Override
    public int compareTo(Position other) {
        return shard != other.shard ? Integer.compare(shard, other.shard) : Integer.compare(document, other.document);
    }
}
