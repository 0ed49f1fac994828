/** What is served under which name, and by which variant. */
@NullMarked
package dev.athanor.inference.deployment;

import org.jspecify.annotations.NullMarked;
