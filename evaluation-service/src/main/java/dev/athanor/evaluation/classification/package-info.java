/** Scores of classifiers. */
@NullMarked
package dev.athanor.evaluation.classification;

import org.jspecify.annotations.NullMarked;
