@NullMarked
package dev.athanor.tokenizer;

import org.jspecify.annotations.NullMarked;
