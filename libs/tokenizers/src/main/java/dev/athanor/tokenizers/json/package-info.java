@NullMarked
package dev.athanor.tokenizers.json;

import org.jspecify.annotations.NullMarked;
