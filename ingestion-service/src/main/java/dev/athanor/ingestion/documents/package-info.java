/** The stage ingestion.documents. */
@NullMarked
package dev.athanor.ingestion.documents;

import org.jspecify.annotations.NullMarked;
