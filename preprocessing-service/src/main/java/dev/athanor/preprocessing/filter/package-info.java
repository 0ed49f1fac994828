/** Decides for each document: keep, keep changed, or drop with a reason. */
@NullMarked
package dev.athanor.preprocessing.filter;

import org.jspecify.annotations.NullMarked;
