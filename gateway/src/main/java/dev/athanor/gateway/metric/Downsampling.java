package dev.athanor.gateway.metric;

import dev.athanor.contracts.message.MetricPoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Largest Triangle Three Buckets (Sveinn Steinarsson, Downsampling Time Series for Visual Representation, 2013): keeps
 * the first and the last point, and of each bucket between them the one that spans the largest triangle with its kept
 * neighbour and the mean of the next bucket. Peaks stay visible.
 */
public final class Downsampling {

    private Downsampling() {}

    /**
     * @param points in ascending order of step
     * @param most at least 3
     */
    public static List<MetricPoint> largestTriangles(List<MetricPoint> points, int most) {
        if (points.size() <= most) {
            return points;
        }
        var kept = new ArrayList<MetricPoint>(most);
        kept.add(points.getFirst());
        double width = (points.size() - 2.0) / (most - 2);
        for (int bucket = 0; bucket < most - 2; bucket++) {
            int from = 1 + (int) (bucket * width);
            int to = 1 + (int) ((bucket + 1) * width);
            MetricPoint before = kept.getLast();
            MetricPoint mean =
                    mean(points.subList(to, Math.min(points.size(), 1 + (int) ((bucket + 2) * width))), points);
            MetricPoint best = points.get(from);
            double bestArea = -1;
            for (MetricPoint p : points.subList(from, to)) {
                double area = Math.abs((double) (before.step() - mean.step()) * (p.value() - before.value())
                        - (double) (before.step() - p.step()) * (mean.value() - before.value()));
                if (area > bestArea) {
                    bestArea = area;
                    best = p;
                }
            }
            kept.add(best);
        }
        kept.add(points.getLast());
        return kept;
    }

    private static MetricPoint mean(List<MetricPoint> bucket, List<MetricPoint> all) {
        if (bucket.isEmpty()) {
            return all.getLast();
        }
        double step = bucket.stream().mapToLong(MetricPoint::step).average().orElseThrow();
        double value = bucket.stream().mapToDouble(MetricPoint::value).average().orElseThrow();
        return new MetricPoint(all.getFirst().name(), Math.round(step), value);
    }
}
