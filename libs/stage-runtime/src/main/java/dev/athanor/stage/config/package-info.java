/** Spring auto-configuration of a service. */
@NullMarked
package dev.athanor.stage.config;

import org.jspecify.annotations.NullMarked;
