@NullMarked
package dev.athanor.trainer.pretraining;

import org.jspecify.annotations.NullMarked;
