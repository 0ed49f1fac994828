@NullMarked
package dev.athanor.lm;

import org.jspecify.annotations.NullMarked;
