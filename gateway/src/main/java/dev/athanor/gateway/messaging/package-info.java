/** Commands and desired deployments out, stage events in. */
@NullMarked
package dev.athanor.gateway.messaging;

import org.jspecify.annotations.NullMarked;
