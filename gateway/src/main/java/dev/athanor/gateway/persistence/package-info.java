/** What the gateway stores: JPA entities and repositories of the schema {@code athanor_gateway}. */
@NullMarked
package dev.athanor.gateway.persistence;

import org.jspecify.annotations.NullMarked;
