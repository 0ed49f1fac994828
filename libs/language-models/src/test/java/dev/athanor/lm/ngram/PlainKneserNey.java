package dev.athanor.lm.ngram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Modified Kneser-Ney over maps, written for reading: what {@link KneserNey} must equal. */
final class PlainKneserNey {

    private final int vocabularySize;
    /** By order - 1: counts of tokens after a context. */
    private final List<Map<List<Integer>, Map<Integer, Integer>>> counts = new ArrayList<>();

    PlainKneserNey(int[] ids, int vocabularySize, int order) {
        this.vocabularySize = vocabularySize;
        for (int n = 0; n < order; n++) {
            counts.add(new HashMap<>());
        }
        for (int end = 1; end <= ids.length; end++) {
            boolean isNew = true;
            for (int n = Math.min(order, end); n >= 1 && isNew; n--) {
                isNew = counts.get(n - 1)
                                .computeIfAbsent(run(ids, end - n, n - 1), key -> new HashMap<>())
                                .merge(ids[end - 1], 1, Integer::sum)
                        == 1;
            }
        }
    }

    double probability(int[] context, int token) {
        return probability(context, token, Math.min(counts.size(), context.length + 1));
    }

    private double probability(int[] context, int token, int n) {
        if (n == 0) {
            return 1.0 / vocabularySize;
        }
        double lower = probability(context, token, n - 1);
        Map<Integer, Integer> after = counts.get(n - 1).get(run(context, context.length - (n - 1), n - 1));
        if (after == null) {
            return lower;
        }
        double[] d = discounts(n);
        int total = after.values().stream().mapToInt(c -> c).sum();
        int count = after.getOrDefault(token, 0);
        double kept = count == 0 ? 0 : Math.max(0, count - d[Math.min(count, 3) - 1]);
        long ones = after.values().stream().filter(c -> c == 1).count();
        long twos = after.values().stream().filter(c -> c == 2).count();
        double freed = d[0] * ones + d[1] * twos + d[2] * (after.size() - ones - twos);
        return (kept + freed * lower) / total;
    }

    private double[] discounts(int n) {
        var withCount = new long[5];
        counts.get(n - 1)
                .values()
                .forEach(after -> after.values().stream().filter(c -> c <= 4).forEach(c -> withCount[c]++));
        if (withCount[1] == 0 || withCount[2] == 0 || withCount[3] == 0) {
            return new double[] {0.5, 1, 1.5};
        }
        double y = withCount[1] / (withCount[1] + 2.0 * withCount[2]);
        return new double[] {
            Math.clamp(1 - 2 * y * withCount[2] / withCount[1], 0.05, 1),
            Math.clamp(2 - 3 * y * withCount[3] / withCount[2], 0.05, 2),
            Math.clamp(3 - 4 * y * withCount[4] / withCount[3], 0.05, 3)
        };
    }

    private static List<Integer> run(int[] ids, int from, int length) {
        var run = new ArrayList<Integer>();
        for (int i = 0; i < length; i++) {
            run.add(ids[from + i]);
        }
        return run;
    }
}
