@NullMarked
package dev.athanor.lm.debug;

import org.jspecify.annotations.NullMarked;
