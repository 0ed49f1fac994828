/** What earlier corpora hold. */
@NullMarked
package dev.athanor.ingestion.ledger;

import org.jspecify.annotations.NullMarked;
