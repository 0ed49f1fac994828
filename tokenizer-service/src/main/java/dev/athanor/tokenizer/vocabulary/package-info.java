@NullMarked
package dev.athanor.tokenizer.vocabulary;

import org.jspecify.annotations.NullMarked;
