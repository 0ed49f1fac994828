/** Which documents are copies of earlier ones. */
@NullMarked
package dev.athanor.preprocessing.dedup;

import org.jspecify.annotations.NullMarked;
