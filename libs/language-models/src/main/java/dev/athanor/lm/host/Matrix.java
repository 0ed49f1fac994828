package dev.athanor.lm.host;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.athanor.libtorch.HostMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The memory of a weight on the CPU, float32 or bfloat16, row-major; a vector has one row.
 *
 * @param half whether the elements are bfloat16
 */
record Matrix(MemorySegment memory, boolean half, int rows, int columns) {

    static Matrix of(NDArray array) {
        long[] shape = array.getShape().getShape();
        return new Matrix(
                HostMemory.of(array),
                array.getDataType() == DataType.BFLOAT16,
                shape.length == 1 ? 1 : Math.toIntExact(shape[0]),
                Math.toIntExact(shape[shape.length - 1]));
    }

    float get(int row, int column) {
        long at = (long) row * columns + column;
        return half
                ? Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, at) << 16)
                : memory.getAtIndex(ValueLayout.JAVA_FLOAT, at);
    }

    /** A copy of a row. */
    float[] row(int row) {
        var values = new float[columns];
        for (int c = 0; c < columns; c++) {
            values[c] = get(row, c);
        }
        return values;
    }
}
