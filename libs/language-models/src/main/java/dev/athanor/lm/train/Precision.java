package dev.athanor.lm.train;

import ai.djl.ndarray.types.DataType;
import java.util.Locale;

/** The data type that forward and backward passes compute in; parameters and optimizer state are float32 always. */
public enum Precision {
    FP32(DataType.FLOAT32),
    /** bfloat16 shadows of the parameters, gradients added up in float32. */
    BF16(DataType.BFLOAT16),
    /** As bf16 in float16, with a loss scale; on a GPU only. */
    FP16(DataType.FLOAT16);

    private final DataType type;

    Precision(DataType type) {
        this.type = type;
    }

    /** Of the weights that the passes see, and of what they compute. */
    public DataType type() {
        return type;
    }

    /** @param name {@code fp32}, {@code bf16} or {@code fp16} */
    public static Precision of(String name) {
        for (Precision precision : values()) {
            if (precision.name().toLowerCase(Locale.ROOT).equals(name)) {
                return precision;
            }
        }
        throw new IllegalArgumentException("precision is '" + name + "', expected fp32, bf16 or fp16");
    }
}
