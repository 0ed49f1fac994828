/** Hostile bytes under a budget: what is read, what comes out, and why something could not be read. */
@NullMarked
package dev.athanor.ingestion.content;

import org.jspecify.annotations.NullMarked;
