/** Scores of classifiers, as training and evaluation share them. Plain Java, no tensors. */
@NullMarked
package dev.athanor.lm.scores;

import org.jspecify.annotations.NullMarked;
