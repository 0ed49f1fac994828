/** Texts of evaluation sets in the documents of a corpus. */
@NullMarked
package dev.athanor.preprocessing.decontaminate;

import org.jspecify.annotations.NullMarked;
