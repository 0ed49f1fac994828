@NullMarked
package dev.athanor.tokenizers.internal;

import org.jspecify.annotations.NullMarked;
