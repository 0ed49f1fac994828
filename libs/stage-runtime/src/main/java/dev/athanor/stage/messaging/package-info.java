/** Kafka: commands and offers in, events out through the outbox, dead letters. */
@NullMarked
package dev.athanor.stage.messaging;

import org.jspecify.annotations.NullMarked;
