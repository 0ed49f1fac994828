@NullMarked
package dev.athanor.lm.train;

import org.jspecify.annotations.NullMarked;
