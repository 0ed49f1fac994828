@NullMarked
package dev.athanor.contracts.job;

import org.jspecify.annotations.NullMarked;
