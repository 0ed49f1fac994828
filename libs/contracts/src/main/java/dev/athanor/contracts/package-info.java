/** Records shared by all services: job specs, commands, events, artifact manifests, error codes. */
@NullMarked
package dev.athanor.contracts;

import org.jspecify.annotations.NullMarked;
