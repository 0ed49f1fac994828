@NullMarked
package dev.athanor.tokenizers.decoders;

import org.jspecify.annotations.NullMarked;
