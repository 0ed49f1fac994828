@NullMarked
package dev.athanor.lm.ngram;

import org.jspecify.annotations.NullMarked;
