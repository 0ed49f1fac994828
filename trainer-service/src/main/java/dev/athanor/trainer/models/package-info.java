/** Language models as artifacts. No Spring. */
@org.jspecify.annotations.NullMarked
package dev.athanor.trainer.models;
