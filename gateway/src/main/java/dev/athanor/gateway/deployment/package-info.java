/** Models, and the deployments that share traffic among them. */
@NullMarked
package dev.athanor.gateway.deployment;

import org.jspecify.annotations.NullMarked;
