package dev.athanor.lm.model;

/**
 * Stretches rotary positions so that a model serves longer sequences than its frequencies were made for.
 *
 * @param factor how many times longer; 1 = none
 * @param lowFrequencyFactor of {@link Kind#LLAMA3}: turns in the original context up to which a frequency is divided
 * @param highFrequencyFactor of {@link Kind#LLAMA3}: turns in the original context from which on a frequency stays
 * @param originalContext of {@link Kind#LLAMA3}: the context of the first training
 */
public record RotaryScaling(
        Kind kind, double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext) {

    /** Which frequencies are lowered. */
    public enum Kind {
        NONE,
        /** All positions are divided by the factor (Chen et al. 2023). */
        LINEAR,
        /** The base is raised so that the lowest frequency is divided by the factor and the highest stays ("NTK-aware"; Peng et al. 2023, 3.1). */
        NTK,
        /** Low frequencies are divided, high ones stay, those between are blended (Llama 3.1; Grattafiori et al. 2024). */
        LLAMA3
    }

    /** Positions as they are. */
    public static final RotaryScaling NONE = new RotaryScaling(Kind.NONE, 1, 1, 4, 0);

    public RotaryScaling {
        if (factor < 1 || (kind == Kind.NONE && factor != 1)) {
            throw new IllegalArgumentException("rotary scaling factor is " + factor + ", expected "
                    + (kind == Kind.NONE ? "1 without scaling" : "at least 1"));
        }
        if (kind == Kind.LLAMA3
                && !(originalContext >= 1 && lowFrequencyFactor > 0 && highFrequencyFactor > lowFrequencyFactor)) {
            throw new IllegalArgumentException("rotary scaling llama3 has originalContext " + originalContext
                    + " and frequency factors " + lowFrequencyFactor + " and " + highFrequencyFactor
                    + ", expected a context of at least 1 and a low factor above 0 and below the high one");
        }
    }

    /** @param factor at least 1 */
    public static RotaryScaling linear(double factor) {
        return new RotaryScaling(Kind.LINEAR, factor, 1, 4, 0);
    }

    /** @param factor at least 1 */
    public static RotaryScaling ntk(double factor) {
        return new RotaryScaling(Kind.NTK, factor, 1, 4, 0);
    }

    /**
     * @param factor at least 1
     * @param low turns in the original context up to which a frequency is divided by the factor
     * @param high turns from which on it stays
     * @param originalContext tokens
     */
    public static RotaryScaling llama3(double factor, double low, double high, int originalContext) {
        return new RotaryScaling(Kind.LLAMA3, factor, low, high, originalContext);
    }

    /** Radians a position for each pair of values of a head, the highest first. */
    public double[] inverseFrequencies(int headWidth, double theta) {
        double base = kind == Kind.NTK ? theta * StrictMath.pow(factor, headWidth / (headWidth - 2.0)) : theta;
        var frequencies = new double[headWidth / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double plain = StrictMath.pow(base, -2.0 * i / headWidth);
            frequencies[i] = switch (kind) {
                case NONE, NTK -> plain;
                case LINEAR -> plain / factor;
                case LLAMA3 -> llama3(plain);
            };
        }
        return frequencies;
    }

    private double llama3(double frequency) {
        double turns = originalContext * frequency / (2 * Math.PI);
        double share = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
        double kept = Math.clamp(share, 0.0, 1.0);
        return kept * frequency + (1 - kept) * frequency / factor;
    }
}
