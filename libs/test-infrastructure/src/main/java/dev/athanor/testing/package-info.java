/** Kafka and PostgreSQL for tests. */
@NullMarked
package dev.athanor.testing;

import org.jspecify.annotations.NullMarked;
