/** Series of metric points. */
@NullMarked
package dev.athanor.gateway.metric;

import org.jspecify.annotations.NullMarked;
