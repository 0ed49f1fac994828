@NullMarked
package dev.athanor.evaluation;

import org.jspecify.annotations.NullMarked;
