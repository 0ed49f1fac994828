package dev.athanor.benchmarks.engine;

/**
 * A GPT-2 style decoder with tied embeddings and biases, and the batch it is trained on.
 *
 * @param layers L
 * @param heads H
 * @param width C
 * @param time T
 * @param batch B
 * @param vocabulary V
 */
record DecoderShape(String name, int layers, int heads, int width, int time, int batch, int vocabulary) {
    static final DecoderShape M10 = new DecoderShape("m10", 6, 6, 384, 256, 16, 8192);
    static final DecoderShape GPT2 = new DecoderShape("gpt2-124m", 12, 12, 768, 1024, 8, 50304);

    static DecoderShape of(String name) {
        return switch (name) {
            case "m10" -> M10;
            case "gpt2-124m" -> GPT2;
            default -> throw new IllegalArgumentException("shape " + name + ", expected m10 or gpt2-124m");
        };
    }

    long tokens() {
        return (long) batch * time;
    }

    long parameters() {
        long c = width;
        long block = 12 * c * c + 13 * c;
        return (vocabulary + (long) time) * c + layers * block + 2 * c;
    }

    /** Of forward and backward: six a parameter that multiplies, twelve L C T for attention (Chowdhery et al. 2022, appendix B). */
    double flopsPerToken() {
        return 6.0 * (parameters() - (long) time * width) + 12.0 * layers * width * time;
    }

    /** Token numbers of step {@code step}, a run of arithmetic progressions with noise: [batch][time + 1]. */
    long[][] sample(long step) {
        java.util.Random random = new java.util.Random(step);
        long[][] rows = new long[batch][time + 1];
        for (long[] row : rows) {
            for (int t = 0; t <= time; t++) {
                row[t] = (t * 31L + random.nextInt(7)) % vocabulary;
            }
        }
        return rows;
    }

    long[] inputs(long[][] rows) {
        return flat(rows, 0);
    }

    long[] targets(long[][] rows) {
        return flat(rows, 1);
    }

    private long[] flat(long[][] rows, int from) {
        long[] result = new long[batch * time];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(rows[b], from, result, b * time, time);
        }
        return result;
    }
}
