@NullMarked
package dev.athanor.contracts.document;

import org.jspecify.annotations.NullMarked;
