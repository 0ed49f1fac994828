@NullMarked
package dev.athanor.lm.model;

import org.jspecify.annotations.NullMarked;
