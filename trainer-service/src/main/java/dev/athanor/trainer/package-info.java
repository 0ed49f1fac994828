@NullMarked
package dev.athanor.trainer;

import org.jspecify.annotations.NullMarked;
