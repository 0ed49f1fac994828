@NullMarked
package dev.athanor.lm.format;

import org.jspecify.annotations.NullMarked;
