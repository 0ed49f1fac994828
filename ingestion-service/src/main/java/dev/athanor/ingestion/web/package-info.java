/** REST of the ingestion service, behind the gateway. */
@NullMarked
package dev.athanor.ingestion.web;

import org.jspecify.annotations.NullMarked;
