/** Concurrent requests gathered into batches of sequences. Plain Java threads. */
@NullMarked
package dev.athanor.inference.batching;

import org.jspecify.annotations.NullMarked;
