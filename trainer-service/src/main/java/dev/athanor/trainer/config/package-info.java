@NullMarked
package dev.athanor.trainer.config;

import org.jspecify.annotations.NullMarked;
