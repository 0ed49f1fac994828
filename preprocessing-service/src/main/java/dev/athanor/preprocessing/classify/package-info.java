/** A linear classifier of texts: trained by a stage, used by a filter. */
@NullMarked
package dev.athanor.preprocessing.classify;

import org.jspecify.annotations.NullMarked;
