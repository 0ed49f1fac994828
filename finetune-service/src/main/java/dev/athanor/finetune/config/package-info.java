/** Spring wiring. */
@NullMarked
package dev.athanor.finetune.config;

import org.jspecify.annotations.NullMarked;
