package dev.athanor.inference.serving;

import dev.athanor.inference.batching.BatchListener;

/** Hears how long each part of an answer takes. */
public interface ServingListener extends BatchListener {

    ServingListener NONE = new ServingListener() {};

    /** The texts of one request were tokenized in this time. */
    default void tokenized(long nanos) {}
}
