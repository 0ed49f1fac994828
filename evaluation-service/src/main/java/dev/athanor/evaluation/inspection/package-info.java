/** Reports on what goes on inside a model. */
@NullMarked
package dev.athanor.evaluation.inspection;

import org.jspecify.annotations.NullMarked;
