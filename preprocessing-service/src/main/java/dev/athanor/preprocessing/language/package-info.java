/** Which language a text is in. */
@NullMarked
package dev.athanor.preprocessing.language;

import org.jspecify.annotations.NullMarked;
