@NullMarked
package dev.athanor.tokenizers;

import org.jspecify.annotations.NullMarked;
