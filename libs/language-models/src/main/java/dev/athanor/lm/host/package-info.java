/** Generating tokens on the CPU without libtorch: a model's step for one new position, by kernels in Java. */
@NullMarked
package dev.athanor.lm.host;

import org.jspecify.annotations.NullMarked;
