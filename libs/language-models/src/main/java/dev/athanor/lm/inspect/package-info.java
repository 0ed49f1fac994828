/** Looks inside models: gradient checks, attention maps, relevance, distributions of values. */
@NullMarked
package dev.athanor.lm.inspect;

import org.jspecify.annotations.NullMarked;
