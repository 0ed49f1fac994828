@NullMarked
package dev.athanor.standalone.embedded;

import org.jspecify.annotations.NullMarked;
