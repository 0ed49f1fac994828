/** What a stage is: pure functions without any framework type. The runtime around them lives in the sibling packages. */
@NullMarked
package dev.athanor.stage.api;

import org.jspecify.annotations.NullMarked;
