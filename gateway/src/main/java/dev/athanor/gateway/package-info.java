@NullMarked
package dev.athanor.gateway;

import org.jspecify.annotations.NullMarked;
