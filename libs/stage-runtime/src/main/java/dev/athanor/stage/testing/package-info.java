/** Running a stage in this process, for tests of stages. */
@NullMarked
package dev.athanor.stage.testing;

import org.jspecify.annotations.NullMarked;
