/** The HTTP interface. */
@NullMarked
package dev.athanor.inference.web;

import org.jspecify.annotations.NullMarked;
