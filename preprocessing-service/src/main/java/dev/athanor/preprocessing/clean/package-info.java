/** The stage preprocessing.clean. */
@NullMarked
package dev.athanor.preprocessing.clean;

import org.jspecify.annotations.NullMarked;
