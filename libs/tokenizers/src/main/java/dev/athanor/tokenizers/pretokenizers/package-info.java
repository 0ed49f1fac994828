@NullMarked
package dev.athanor.tokenizers.pretokenizers;

import org.jspecify.annotations.NullMarked;
