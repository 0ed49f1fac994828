/** Models as ONNX files (onnx.ai), which other runtimes execute. */
@NullMarked
package dev.athanor.lm.onnx;

import org.jspecify.annotations.NullMarked;
