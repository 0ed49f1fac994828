/** Desired deployments from Kafka. */
@NullMarked
package dev.athanor.inference.messaging;

import org.jspecify.annotations.NullMarked;
