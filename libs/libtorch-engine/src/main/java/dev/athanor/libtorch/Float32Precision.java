package dev.athanor.libtorch;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * How exactly matrix products and convolutions of float32 arrays are computed, for the whole process. The arrays stay float32 and
 * sums are taken in float32; what changes is how many bits of the factors count. Choose before training starts: results of different
 * settings differ, so a run that must repeat another needs the other's.
 *
 * <p>Set by {@link #use}, or before the JVM starts by the environment variable {@value #VARIABLE} ({@code highest}, {@code high} or
 * {@code medium}).
 */
public enum Float32Precision {
    /** All 24 bits of the factors: the default. */
    HIGHEST,
    /** On CUDA TF32, 11 bits, on tensor cores; on a CPU as {@link #HIGHEST} unless it has such products too. */
    HIGH,
    /** bfloat16 factors, 8 bits: on a CPU with bfloat16 or AMX instructions several times as fast; on CUDA as {@link #HIGH}. */
    MEDIUM;

    /** The environment variable that is read when the engine loads. */
    public static final String VARIABLE = "LIBTORCH_FLOAT32_PRECISION";

    /** Computes this way from now on. */
    public void use() {
        LtEngine.instance();
        apply();
    }

    private void apply() {
        torch.globalContext().setFloat32MatmulPrecision(name().toLowerCase(Locale.ROOT));
    }

    /** What is in use. */
    public static Float32Precision current() {
        LtEngine.instance();
        return values()[torch.globalContext().float32MatmulPrecision().value];
    }

    /** @throws IllegalArgumentException for a word that is none of the three */
    static Float32Precision of(String text) {
        for (Float32Precision precision : values()) {
            if (precision.name().equalsIgnoreCase(text.strip())) {
                return precision;
            }
        }
        throw new IllegalArgumentException(VARIABLE + " is " + text + ", expected highest, high or medium");
    }

    static void applyEnvironment(@Nullable String value) {
        if (value != null && !value.isBlank()) {
            of(value).apply();
        }
    }
}
