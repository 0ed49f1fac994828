package dev.athanor.lm.train;

/**
 * Where the loss has been, weighted exponentially over about the last 50 steps.
 *
 * @param mean nats; NaN before the first step
 * @param last loss; NaN before the first step
 * @param variance of single steps, from the squares of the differences between each and the next (von Neumann et al. 1941): unlike the
 *     variance about the mean it hardly sees that the loss falls
 */
record LossTrend(double mean, double last, double variance) {

    static final LossTrend NONE = new LossTrend(Double.NaN, Double.NaN, 0);

    private static final double DECAY = 0.98;
    /** Of a batch that shows that training has broken down: standard deviations above the mean. */
    private static final double JUMP = 8;
    /** And nats at least, for a loss that hardly varies. */
    private static final double LEAST_JUMP = 0.5;

    LossTrend plus(double loss) {
        if (Double.isNaN(mean)) {
            return new LossTrend(loss, loss, 0);
        }
        double difference = loss - last;
        return new LossTrend(
                DECAY * mean + (1 - DECAY) * loss, loss, DECAY * variance + (1 - DECAY) * difference * difference / 2);
    }

    double deviation() {
        return Math.sqrt(variance);
    }

    /** Whether a step's loss is far above what was to be expected, at whatever height: 0.1 as well as 10. */
    boolean jumpsTo(double loss) {
        return loss > mean + Math.max(JUMP * deviation(), LEAST_JUMP);
    }
}
