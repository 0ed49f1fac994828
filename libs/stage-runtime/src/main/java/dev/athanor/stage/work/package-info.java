/** Work of one instance: transitions in transactions, claims, leases, workers, progress. */
@NullMarked
package dev.athanor.stage.work;

import org.jspecify.annotations.NullMarked;
