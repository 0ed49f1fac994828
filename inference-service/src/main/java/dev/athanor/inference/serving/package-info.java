/** A deployment bundle: its description, its making and its loading. */
@NullMarked
package dev.athanor.inference.serving;

import org.jspecify.annotations.NullMarked;
