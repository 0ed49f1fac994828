/** Specifications of the stages: strict records with documented defaults; what each service takes from a job. */
@NullMarked
package dev.athanor.contracts.spec;

import org.jspecify.annotations.NullMarked;
