/** By what right documents are in corpora, and where they went. */
@NullMarked
package dev.athanor.artifacts.ledger;

import org.jspecify.annotations.NullMarked;
