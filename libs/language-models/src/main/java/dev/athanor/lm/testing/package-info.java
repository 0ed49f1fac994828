/** For tests of what stands on language models. */
@NullMarked
package dev.athanor.lm.testing;

import org.jspecify.annotations.NullMarked;
