@NullMarked
package dev.athanor.tokenizer.encoding;

import org.jspecify.annotations.NullMarked;
