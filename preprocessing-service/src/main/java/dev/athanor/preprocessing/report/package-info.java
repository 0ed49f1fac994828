/** {@code preprocessing.report}: what is in a corpus, in numbers, charts and samples. */
@NullMarked
package dev.athanor.preprocessing.report;

import org.jspecify.annotations.NullMarked;
