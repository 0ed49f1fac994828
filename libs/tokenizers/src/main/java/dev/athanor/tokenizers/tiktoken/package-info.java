@NullMarked
package dev.athanor.tokenizers.tiktoken;

import org.jspecify.annotations.NullMarked;
