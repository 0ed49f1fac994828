@NullMarked
package dev.athanor.lm.data;

import org.jspecify.annotations.NullMarked;
