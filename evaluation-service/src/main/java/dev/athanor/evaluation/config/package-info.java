/** Spring wiring. */
@NullMarked
package dev.athanor.evaluation.config;

import org.jspecify.annotations.NullMarked;
