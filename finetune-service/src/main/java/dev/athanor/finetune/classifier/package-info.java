/** Fine-tuning of a language model into a classifier. */
@NullMarked
package dev.athanor.finetune.classifier;

import org.jspecify.annotations.NullMarked;
