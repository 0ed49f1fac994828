@NullMarked
package dev.athanor.stage;

import org.jspecify.annotations.NullMarked;
