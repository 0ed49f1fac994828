/** More texts from those that are there: by synonyms, edits, back-translation and generation. */
@NullMarked
package dev.athanor.preprocessing.augment;

import org.jspecify.annotations.NullMarked;
