@NullMarked
package dev.athanor.tokenizers.training;

import org.jspecify.annotations.NullMarked;
