/** One class a source: its items, and how each is read. */
@NullMarked
package dev.athanor.ingestion.source;

import org.jspecify.annotations.NullMarked;
