@NullMarked
package dev.athanor.standalone.server;

import org.jspecify.annotations.NullMarked;
