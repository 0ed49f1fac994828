/** Which tokenizer fits a corpus: several are trained and measured. */
@NullMarked
package dev.athanor.tokenizer.study;

import org.jspecify.annotations.NullMarked;
