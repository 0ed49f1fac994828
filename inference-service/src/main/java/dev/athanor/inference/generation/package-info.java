/** Decoders that continue texts, one request at a time. */
@NullMarked
package dev.athanor.inference.generation;

import org.jspecify.annotations.NullMarked;
