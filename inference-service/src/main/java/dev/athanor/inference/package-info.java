@NullMarked
package dev.athanor.inference;

import org.jspecify.annotations.NullMarked;
