@NullMarked
package dev.athanor.tokenizer.config;

import org.jspecify.annotations.NullMarked;
