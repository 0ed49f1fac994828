/** One class a format: bytes to documents, or to further bytes that are inside. */
@NullMarked
package dev.athanor.ingestion.format;

import org.jspecify.annotations.NullMarked;
