@NullMarked
package dev.athanor.contracts.error;

import org.jspecify.annotations.NullMarked;
