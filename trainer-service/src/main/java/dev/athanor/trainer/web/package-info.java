/** HTTP of the service. */
@NullMarked
package dev.athanor.trainer.web;

import org.jspecify.annotations.NullMarked;
