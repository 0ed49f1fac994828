/** Rows of named cells from CSV, TSV, JSON Lines, JSON and Parquet. */
@NullMarked
package dev.athanor.ingestion.table;

import org.jspecify.annotations.NullMarked;
