package dev.athanor.lm.train;

import java.util.ArrayList;
import java.util.List;

/**
 * How many steps fit into a time, reckoned before the first of them from steps that were rehearsed. There is no clock in here:
 * durations go in, all in seconds.
 */
public final class StepBudget {

    /** Of the time asked for, left for what no rehearsal shows: a machine that has other work now and then. */
    private static final double SPARE = 0.03;
    /** Of the time asked for, spent on rehearsing. */
    private static final double SHARE = 0.05;
    /** Where steps are slow, more than {@link #SHARE} is spent until there are {@link #FEWEST}, but no more than this. */
    private static final double LARGEST_SHARE = 0.2;

    private static final int FEWEST = 3;
    /** Steps that are seldom warm before so many are made: for them twice the share is spent. */
    private static final int WARM = 10;
    /** So many steps in so long a time are enough, however long the run. */
    private static final int ENOUGH = 30;

    private static final double ENOUGH_SECONDS = 20;

    private final double limit;
    private final List<Double> rehearsed = new ArrayList<>();

    /** @param limit that the run is to take, rehearsal included */
    public StepBudget(double limit) {
        this.limit = limit;
    }

    /**
     * Whether another step is to be rehearsed: the first in any case, then until the share of the time that is set apart for it is
     * over.
     *
     * @param used of the limit up to now
     */
    public boolean wantsMore(double used) {
        int made = rehearsed.size();
        if (made == 0) {
            return true;
        }
        if (made < FEWEST) {
            return used < LARGEST_SHARE * limit;
        }
        if (made < WARM) {
            return used < 2 * SHARE * limit;
        }
        return used < SHARE * limit && (made < ENOUGH || used < ENOUGH_SECONDS);
    }

    /** Takes note of a step that was rehearsed. */
    public void add(double seconds) {
        rehearsed.add(seconds);
    }

    /**
     * What a step takes once it is warm: the median of the second half of those rehearsed, for the first ones wait for compilers and
     * allocators, and one that was held up by something else counts no more than any other.
     *
     * @throws IllegalStateException if nothing was rehearsed
     */
    public double secondsAStep() {
        if (rehearsed.isEmpty()) {
            throw new IllegalStateException("no step has been rehearsed");
        }
        double[] warm = rehearsed.subList(rehearsed.size() / 2, rehearsed.size()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return warm[(warm.length - 1) / 2];
    }

    /**
     * The steps that fit, at least one.
     *
     * @param used of the limit up to now
     * @param aStep what a step takes, with its share of what is done every so many steps
     * @param once what is done at the beginning and at the end
     * @param most steps asked for
     */
    public long steps(double used, double aStep, double once, long most) {
        return Math.clamp((long) ((limit * (1 - SPARE) - used - once) / aStep), 1, most);
    }
}
