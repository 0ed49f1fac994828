/** Classifiers for other runtimes. No Spring. */
@org.jspecify.annotations.NullMarked
package dev.athanor.finetune.exporting;
