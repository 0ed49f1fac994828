package dev.athanor.preprocessing.pii;

/** Personal data in a text, from one UTF-16 index to behind the last. */
public record PiiMatch(PiiKind kind, int from, int to) {}
