@NullMarked
package dev.athanor.libtorch;

import org.jspecify.annotations.NullMarked;
