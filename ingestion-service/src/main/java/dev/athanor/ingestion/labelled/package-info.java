/** The stage ingestion.labelled. */
@NullMarked
package dev.athanor.ingestion.labelled;

import org.jspecify.annotations.NullMarked;
