/** Micrometer metrics and their vocabulary. */
@NullMarked
package dev.athanor.stage.metrics;

import org.jspecify.annotations.NullMarked;
