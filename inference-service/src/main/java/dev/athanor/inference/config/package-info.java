/** Spring wiring. */
@NullMarked
package dev.athanor.inference.config;

import org.jspecify.annotations.NullMarked;
