@NullMarked
package dev.athanor.lm.generate;

import org.jspecify.annotations.NullMarked;
