@NullMarked
package dev.athanor.ingestion;

import org.jspecify.annotations.NullMarked;
