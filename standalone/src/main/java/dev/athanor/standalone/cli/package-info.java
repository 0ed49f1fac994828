@NullMarked
package dev.athanor.standalone.cli;

import org.jspecify.annotations.NullMarked;
