/** What Prometheus is told. */
@NullMarked
package dev.athanor.inference.metrics;

import org.jspecify.annotations.NullMarked;
