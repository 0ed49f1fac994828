@NullMarked
package dev.athanor.tokenizers.packing;

import org.jspecify.annotations.NullMarked;
