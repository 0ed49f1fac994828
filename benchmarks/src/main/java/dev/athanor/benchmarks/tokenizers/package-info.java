@NullMarked
package dev.athanor.benchmarks.tokenizers;

import org.jspecify.annotations.NullMarked;
