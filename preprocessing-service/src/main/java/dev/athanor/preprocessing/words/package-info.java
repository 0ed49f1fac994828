/** Terms, domains and hashed words: what filters look for among the words. */
@NullMarked
package dev.athanor.preprocessing.words;

import org.jspecify.annotations.NullMarked;
