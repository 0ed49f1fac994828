/** Workers that train a model together, and the account of the samples they used. No Spring. */
@NullMarked
package dev.athanor.trainer.group;

import org.jspecify.annotations.NullMarked;
