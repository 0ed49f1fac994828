@NullMarked
package dev.athanor.standalone.demo;

import org.jspecify.annotations.NullMarked;
