/** Personal data: found in one pass with bounded look-around, so in linear time on any input; then scrubbed or hashed. */
@NullMarked
package dev.athanor.preprocessing.pii;

import org.jspecify.annotations.NullMarked;
