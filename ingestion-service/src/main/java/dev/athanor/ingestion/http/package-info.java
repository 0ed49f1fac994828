/** An HTTP client that reaches public addresses only, within limits, politely. */
@NullMarked
package dev.athanor.ingestion.http;

import org.jspecify.annotations.NullMarked;
