/** What Spring needs to know. */
@NullMarked
package dev.athanor.preprocessing.config;

import org.jspecify.annotations.NullMarked;
