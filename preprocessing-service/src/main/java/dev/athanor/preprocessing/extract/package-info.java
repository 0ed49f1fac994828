/** The main text of an HTML page. */
@NullMarked
package dev.athanor.preprocessing.extract;

import org.jspecify.annotations.NullMarked;
