@NullMarked
package dev.athanor.tokenizers.processors;

import org.jspecify.annotations.NullMarked;
