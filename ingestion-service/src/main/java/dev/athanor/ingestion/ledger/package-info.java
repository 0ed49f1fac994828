/** Where a document went: takedown by the ledgers of the corpora and the lineage of what was made from them. */
@NullMarked
package dev.athanor.ingestion.ledger;

import org.jspecify.annotations.NullMarked;
