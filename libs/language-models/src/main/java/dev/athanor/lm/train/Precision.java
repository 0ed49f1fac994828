package dev.athanor.lm.train;

import ai.djl.ndarray.types.DataType;
import java.util.Locale;

/** The data type that forward and backward passes compute in; parameters and optimizer state are float32 always. */
public enum Precision {
    FP32(DataType.FLOAT32),
    /** bfloat16 shadows of the parameters, gradients added up in float32. */
    BF16(DataType.BFLOAT16);

    private final DataType type;

    Precision(DataType type) {
        this.type = type;
    }

    public DataType type() {
        return type;
    }

    /** @param name {@code fp32} or {@code bf16} */
    public static Precision of(String name) {
        for (Precision precision : values()) {
            if (precision.name().toLowerCase(Locale.ROOT).equals(name)) {
                return precision;
            }
        }
        throw new IllegalArgumentException("precision is '" + name + "', expected fp32 or bf16");
    }
}
