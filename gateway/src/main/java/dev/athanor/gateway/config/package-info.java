/** Spring configuration. */
@NullMarked
package dev.athanor.gateway.config;

import org.jspecify.annotations.NullMarked;
