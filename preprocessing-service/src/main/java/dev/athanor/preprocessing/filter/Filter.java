package dev.athanor.preprocessing.filter;

/**
 * Keeps a document or drops it with a reason. Adding one: a class with a record of its limits, its test, and an entry in
 * {@link Filters}. Not for several threads.
 */
@FunctionalInterface
public interface Filter {

    Verdict test(Analysis document);
}
