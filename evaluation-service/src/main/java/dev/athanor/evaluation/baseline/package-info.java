/** TF-IDF and logistic regression: what a model must beat. Plain Java, deterministic. */
@NullMarked
package dev.athanor.evaluation.baseline;

import org.jspecify.annotations.NullMarked;
