/** REST, server-sent events and problem details. */
@NullMarked
package dev.athanor.gateway.web;

import org.jspecify.annotations.NullMarked;
