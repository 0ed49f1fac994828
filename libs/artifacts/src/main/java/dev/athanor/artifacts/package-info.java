@NullMarked
package dev.athanor.artifacts;

import org.jspecify.annotations.NullMarked;
