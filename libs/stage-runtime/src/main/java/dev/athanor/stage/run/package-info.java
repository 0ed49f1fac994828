/** How a stage is run: calls with their contexts, and the state machine. No I/O framework in here. */
@NullMarked
package dev.athanor.stage.run;

import org.jspecify.annotations.NullMarked;
