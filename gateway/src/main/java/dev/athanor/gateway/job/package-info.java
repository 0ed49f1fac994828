/** The logic of jobs: a state machine without input or output. */
@NullMarked
package dev.athanor.gateway.job;

import org.jspecify.annotations.NullMarked;
