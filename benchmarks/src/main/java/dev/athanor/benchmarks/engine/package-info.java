@NullMarked
package dev.athanor.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
