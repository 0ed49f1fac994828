@NullMarked
package dev.athanor.standalone;

import org.jspecify.annotations.NullMarked;
