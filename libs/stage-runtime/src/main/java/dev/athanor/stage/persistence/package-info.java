/** Rows of a service's schema: stage runs, tasks, outbox and inbox. */
@NullMarked
package dev.athanor.stage.persistence;

import org.jspecify.annotations.NullMarked;
