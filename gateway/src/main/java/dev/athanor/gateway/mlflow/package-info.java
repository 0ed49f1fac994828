/** Training, fine-tuning and evaluation as runs of an MLflow server. */
@NullMarked
package dev.athanor.gateway.mlflow;

import org.jspecify.annotations.NullMarked;
