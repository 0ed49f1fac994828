@NullMarked
package dev.athanor.tokenizers.sentencepiece;

import org.jspecify.annotations.NullMarked;
