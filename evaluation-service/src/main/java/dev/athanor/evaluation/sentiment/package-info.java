/** The report on a sentiment classifier. */
@NullMarked
package dev.athanor.evaluation.sentiment;

import org.jspecify.annotations.NullMarked;
