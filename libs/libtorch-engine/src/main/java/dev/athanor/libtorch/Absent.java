package dev.athanor.libtorch;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.TensorOptional;

/** Arguments that are not given. One of each for the whole process: making and freeing one costs as much as a small operation. */
final class Absent {
    static final MemoryFormatOptional FORMAT = kept(new MemoryFormatOptional());
    static final ScalarTypeOptional TYPE = kept(new ScalarTypeOptional());
    static final TensorOptional TENSOR = kept(new TensorOptional());
    static final LongOptional LONG = kept(new LongOptional());
    static final DoubleOptional DOUBLE = kept(new DoubleOptional());
    static final BoolOptional BOOL = kept(new BoolOptional());
    static final GeneratorOptional GENERATOR = kept(new GeneratorOptional());
    static final StringViewOptional TEXT = kept(new StringViewOptional());

    private Absent() {}

    /** Out of reach of the pointer scope that happens to be open. */
    private static <P extends Pointer> P kept(P pointer) {
        pointer.retainReference();
        return pointer;
    }
}
