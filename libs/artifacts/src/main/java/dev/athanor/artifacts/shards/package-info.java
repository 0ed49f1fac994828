/** Shards of records as JSON lines under zstd. */
@NullMarked
package dev.athanor.artifacts.shards;

import org.jspecify.annotations.NullMarked;
