/** {@code preprocessing.mix}: sources, domains and languages in given shares. */
@NullMarked
package dev.athanor.preprocessing.mix;

import org.jspecify.annotations.NullMarked;
