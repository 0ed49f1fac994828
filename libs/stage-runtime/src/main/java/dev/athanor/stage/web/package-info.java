/** What every service does alike over HTTP: internal token and RFC 9457 problems. */
@NullMarked
package dev.athanor.stage.web;

import org.jspecify.annotations.NullMarked;
