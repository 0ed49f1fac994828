@NullMarked
package dev.athanor.contracts.artifact;

import org.jspecify.annotations.NullMarked;
