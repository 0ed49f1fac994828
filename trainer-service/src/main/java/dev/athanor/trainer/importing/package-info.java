/** Language models that were made elsewhere. No Spring. */
@org.jspecify.annotations.NullMarked
package dev.athanor.trainer.importing;
