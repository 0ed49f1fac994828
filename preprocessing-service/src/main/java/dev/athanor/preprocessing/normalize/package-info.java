/** Unicode, white space and punctuation brought into one form. */
@NullMarked
package dev.athanor.preprocessing.normalize;

import org.jspecify.annotations.NullMarked;
