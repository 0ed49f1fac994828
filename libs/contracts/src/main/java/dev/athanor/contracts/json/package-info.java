@NullMarked
package dev.athanor.contracts.json;

import org.jspecify.annotations.NullMarked;
