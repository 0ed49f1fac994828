/** What kernels written in Java are made of: vectors whose results do not depend on the compiler, and threads for short parts. */
@NullMarked
package dev.athanor.libtorch.host;

import org.jspecify.annotations.NullMarked;
