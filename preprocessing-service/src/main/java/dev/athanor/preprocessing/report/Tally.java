package dev.athanor.preprocessing.report;

import java.util.SortedMap;
import java.util.TreeMap;

/** Counts in tables: table to row to count. Tallies add up. */
record Tally(SortedMap<String, SortedMap<String, Long>> tables) {

    static Tally empty() {
        return new Tally(new TreeMap<>());
    }

    void add(String table, String row, long count) {
        tables.computeIfAbsent(table, t -> new TreeMap<>()).merge(row, count, Long::sum);
    }

    void addAll(Tally other) {
        other.tables.forEach((table, rows) -> rows.forEach((row, count) -> add(table, row, count)));
    }

    SortedMap<String, Long> table(String name) {
        return tables.getOrDefault(name, new TreeMap<>());
    }

    long get(String table, String row) {
        return table(table).getOrDefault(row, 0L);
    }
}
