/** Words and sentences of English text as spaCy's rules split them. */
@NullMarked
package dev.athanor.tokenizers.words;

import org.jspecify.annotations.NullMarked;
