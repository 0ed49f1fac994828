/** Bytes of unknown encoding to text. */
@NullMarked
package dev.athanor.ingestion.charset;

import org.jspecify.annotations.NullMarked;
