package dev.athanor.ingestion.table;

import java.util.Map;

/**
 * One row.
 *
 * @param number from 1, without the header
 * @param cells column to value, in the order of the file; absent values are left out
 */
public record Row(long number, Map<String, String> cells) {}
