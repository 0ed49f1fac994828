/** A Kafka broker and a PostgreSQL server inside a Java program, for one machine and for tests. */
@NullMarked
package dev.athanor.embedded;

import org.jspecify.annotations.NullMarked;
