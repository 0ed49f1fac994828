@NullMarked
package dev.athanor.finetune;

import org.jspecify.annotations.NullMarked;
