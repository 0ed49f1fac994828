/** Measurements of preprocessing: filters, deduplication, extraction and the whole stage. */
@NullMarked
package dev.athanor.benchmarks.data;

import org.jspecify.annotations.NullMarked;
