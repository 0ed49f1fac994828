/** Perplexity of language models on held-out tokens. */
@NullMarked
package dev.athanor.evaluation.perplexity;

import org.jspecify.annotations.NullMarked;
