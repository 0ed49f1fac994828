@NullMarked
package dev.athanor.contracts.message;

import org.jspecify.annotations.NullMarked;
