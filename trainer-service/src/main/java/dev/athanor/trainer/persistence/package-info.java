/** Groups and the ledger in PostgreSQL. */
@NullMarked
package dev.athanor.trainer.persistence;

import org.jspecify.annotations.NullMarked;
