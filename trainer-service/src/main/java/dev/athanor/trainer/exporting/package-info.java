/** Language models for other runtimes. No Spring. */
@org.jspecify.annotations.NullMarked
package dev.athanor.trainer.exporting;
