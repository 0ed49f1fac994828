/** What stages may read besides artifacts. */
@NullMarked
package dev.athanor.stage.data;

import org.jspecify.annotations.NullMarked;
