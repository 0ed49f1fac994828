/** HTTP. */
@NullMarked
package dev.athanor.evaluation.web;

import org.jspecify.annotations.NullMarked;
