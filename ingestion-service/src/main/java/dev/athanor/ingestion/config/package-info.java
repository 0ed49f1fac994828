/** The Spring shell: beans and properties. */
@NullMarked
package dev.athanor.ingestion.config;

import org.jspecify.annotations.NullMarked;
