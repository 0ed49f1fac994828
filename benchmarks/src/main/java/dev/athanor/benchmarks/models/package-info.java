@NullMarked
package dev.athanor.benchmarks.models;

import org.jspecify.annotations.NullMarked;
