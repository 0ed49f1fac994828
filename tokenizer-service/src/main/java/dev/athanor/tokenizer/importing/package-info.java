/** Tokenizers that were made elsewhere. */
@NullMarked
package dev.athanor.tokenizer.importing;

import org.jspecify.annotations.NullMarked;
