package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Anchor boxes of single-shot detectors (Liu et al. 2016) with the rules of Apache MXNet's operators, which DJL's interface
 * follows. Boxes are (xmin, ymin, xmax, ymax) relative to the image; offsets are scaled by 0.1 for centres, 0.2 for sizes.
 */
final class MultiBox {
    private static final float CENTRE = 0.1f;
    private static final float SIZE = 0.2f;

    private MultiBox() {}

    /** [1, H*W*(sizes+ratios-1), 4] for an image [N, C, H, W]: every size at the first ratio, then the first size at the others. */
    static NDList prior(
            NDArray image,
            List<Float> sizes,
            List<Float> ratios,
            List<Float> steps,
            List<Float> offsets,
            boolean clip) {
        int height = (int) image.getShape().get(2);
        int width = (int) image.getShape().get(3);
        boolean given = steps.size() == 2 && steps.get(0) > 0 && steps.get(1) > 0;
        float stepY = given ? steps.get(0) : 1f / height;
        float stepX = given ? steps.get(1) : 1f / width;
        int each = sizes.size() + ratios.size() - 1;
        float[] boxes = new float[height * width * each * 4];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                float cx = (x + offsets.get(1)) * stepX;
                float cy = (y + offsets.get(0)) * stepY;
                for (int k = 0; k < each; k++) {
                    float size = k < sizes.size() ? sizes.get(k) : sizes.get(0);
                    float root = (float) Math.sqrt(ratios.get(k < sizes.size() ? 0 : k - sizes.size() + 1));
                    float w = size * height / width * root / 2;
                    float h = size / root / 2;
                    for (float side : new float[] {cx - w, cy - h, cx + w, cy + h}) {
                        boxes[at++] = clip ? Math.clamp(side, 0f, 1f) : side;
                    }
                }
            }
        }
        return new NDList(image.getManager().create(boxes, new Shape(1, (long) height * width * each, 4)));
    }

    /**
     * What each anchor shall learn.
     *
     * @param in anchors [1, N, 4], labels [B, M, 5] (class or -1, box), class predictions [B, classes + 1, N]
     * @return offsets [B, 4N], their mask [B, 4N], classes [B, N] (0 background)
     */
    static NDList target(
            LtNDManager manager,
            NDList in,
            float overlap,
            float ignore,
            float miningRatio,
            float miningOverlap,
            int minimum) {
        float[] anchors = in.get(0).toFloatArray();
        float[] labels = in.get(1).toFloatArray();
        float[] predictions = in.get(2).toFloatArray();
        int batch = (int) in.get(1).getShape().get(0);
        int truths = (int) in.get(1).getShape().get(1);
        int columns = (int) in.get(1).getShape().get(2);
        int classes = (int) in.get(2).getShape().get(1);
        int n = anchors.length / 4;
        float[] offsets = new float[batch * n * 4];
        float[] mask = new float[batch * n * 4];
        float[] wanted = new float[batch * n];
        Arrays.fill(wanted, ignore);
        for (int b = 0; b < batch; b++) {
            List<float[]> boxes = new ArrayList<>();
            for (int m = 0; m < truths; m++) {
                int from = (b * truths + m) * columns;
                if (labels[from] < 0) {
                    break;
                }
                boxes.add(Arrays.copyOfRange(labels, from, from + 5));
            }
            if (boxes.isEmpty()) {
                continue;
            }
            float[][] overlaps = overlaps(anchors, boxes);
            int[] matched = match(overlaps, boxes.size(), overlap);
            boolean[] negative = negatives(
                    overlaps, matched, predictions, b * classes * n, classes, miningRatio, miningOverlap, minimum);
            for (int a = 0; a < n; a++) {
                if (matched[a] >= 0) {
                    float[] truth = boxes.get(matched[a]);
                    wanted[b * n + a] = truth[0] + 1;
                    encode(anchors, a, truth, offsets, (b * n + a) * 4);
                    Arrays.fill(mask, (b * n + a) * 4, (b * n + a + 1) * 4, 1f);
                } else if (negative[a]) {
                    wanted[b * n + a] = 0;
                }
            }
        }
        Shape flat = new Shape(batch, 4L * n);
        return new NDList(
                manager.create(offsets, flat), manager.create(mask, flat), manager.create(wanted, new Shape(batch, n)));
    }

    private static float[][] overlaps(float[] anchors, List<float[]> boxes) {
        float[][] result = new float[anchors.length / 4][boxes.size()];
        for (int a = 0; a < result.length; a++) {
            for (int m = 0; m < boxes.size(); m++) {
                result[a][m] = intersectionOverUnion(anchors, a * 4, boxes.get(m), 1);
            }
        }
        return result;
    }

    /** First each truth takes the free anchor it overlaps most, best pairs first; then anchors take the truth they overlap enough. */
    private static int[] match(float[][] overlaps, int truths, float threshold) {
        int[] matched = new int[overlaps.length];
        Arrays.fill(matched, -1);
        boolean[] taken = new boolean[truths];
        for (int round = 0; round < truths; round++) {
            float best = 1e-6f;
            int anchor = -1;
            int truth = -1;
            for (int a = 0; a < overlaps.length; a++) {
                for (int m = 0; m < truths; m++) {
                    if (matched[a] < 0 && !taken[m] && overlaps[a][m] > best) {
                        best = overlaps[a][m];
                        anchor = a;
                        truth = m;
                    }
                }
            }
            if (anchor < 0) {
                break;
            }
            matched[anchor] = truth;
            taken[truth] = true;
        }
        for (int a = 0; threshold > 0 && a < overlaps.length; a++) {
            int best = argMax(overlaps[a]);
            if (matched[a] < 0 && overlaps[a][best] > threshold) {
                matched[a] = best;
            }
        }
        return matched;
    }

    /** All that are left, or with mining those that look least like background, in proportion to the matches. */
    private static boolean[] negatives(
            float[][] overlaps,
            int[] matched,
            float[] predictions,
            int from,
            int classes,
            float ratio,
            float miningOverlap,
            int minimum) {
        int n = matched.length;
        boolean[] negative = new boolean[n];
        if (ratio <= 0) {
            for (int a = 0; a < n; a++) {
                negative[a] = matched[a] < 0;
            }
            return negative;
        }
        int positives = (int) Arrays.stream(matched).filter(m -> m >= 0).count();
        List<Integer> candidates = new ArrayList<>();
        double[] background = new double[n];
        for (int a = 0; a < n; a++) {
            if (matched[a] < 0 && overlaps[a][argMax(overlaps[a])] < miningOverlap) {
                candidates.add(a);
                double sum = 0;
                for (int c = 0; c < classes; c++) {
                    sum += Math.exp(predictions[from + c * n + a] - predictions[from + a]);
                }
                background[a] = 1 / sum;
            }
        }
        candidates.sort(Comparator.comparingDouble(a -> background[a]));
        int count = Math.min(Math.max((int) (positives * ratio), minimum), Math.min(n - positives, candidates.size()));
        candidates.subList(0, count).forEach(a -> negative[a] = true);
        return negative;
    }

    private static void encode(float[] anchors, int a, float[] truth, float[] out, int at) {
        float aw = anchors[a * 4 + 2] - anchors[a * 4];
        float ah = anchors[a * 4 + 3] - anchors[a * 4 + 1];
        float gw = truth[3] - truth[1];
        float gh = truth[4] - truth[2];
        out[at] = ((truth[1] + truth[3]) - (anchors[a * 4] + anchors[a * 4 + 2])) / 2 / aw / CENTRE;
        out[at + 1] = ((truth[2] + truth[4]) - (anchors[a * 4 + 1] + anchors[a * 4 + 3])) / 2 / ah / CENTRE;
        out[at + 2] = (float) Math.log(gw / aw) / SIZE;
        out[at + 3] = (float) Math.log(gh / ah) / SIZE;
    }

    /**
     * Boxes found: rows of (class, score, box), best first. A box that a better one covers keeps its place with class -1; rows after
     * the last box are -1 throughout.
     *
     * @param in class probabilities [B, classes + 1, N], offsets [B, 4N], anchors [1, N, 4]
     * @return [B, N, 6]
     */
    static NDList detection(
            LtNDManager manager,
            NDList in,
            boolean clip,
            float threshold,
            int background,
            float nms,
            boolean force,
            int topK) {
        float[] probabilities = in.get(0).toFloatArray();
        float[] offsets = in.get(1).toFloatArray();
        float[] anchors = in.get(2).toFloatArray();
        int batch = (int) in.get(0).getShape().get(0);
        int classes = (int) in.get(0).getShape().get(1);
        int n = (int) in.get(0).getShape().get(2);
        float[] result = new float[batch * n * 6];
        Arrays.fill(result, -1);
        for (int b = 0; b < batch; b++) {
            List<float[]> rows = new ArrayList<>();
            for (int a = 0; a < n; a++) {
                int best = -1;
                for (int c = 0; c < classes; c++) {
                    if (c != background
                            && (best < 0
                                    || probabilities[(b * classes + c) * n + a]
                                            > probabilities[(b * classes + best) * n + a])) {
                        best = c;
                    }
                }
                float score = best < 0 ? -1 : probabilities[(b * classes + best) * n + a];
                if (best >= 0 && score >= threshold) {
                    float[] row = new float[6];
                    row[0] = best > background ? best - 1 : best;
                    row[1] = score;
                    decode(anchors, a, offsets, (b * n + a) * 4, clip, row);
                    rows.add(row);
                }
            }
            rows.sort((p, q) -> Float.compare(q[1], p[1]));
            List<float[]> best = topK > 0 && topK < rows.size() ? rows.subList(0, topK) : rows;
            if (nms > 0) {
                suppress(best, nms, force);
            }
            for (int i = 0; i < best.size(); i++) {
                System.arraycopy(best.get(i), 0, result, (b * n + i) * 6, 6);
            }
        }
        return new NDList(manager.create(result, new Shape(batch, n, 6)));
    }

    private static void suppress(List<float[]> rows, float overlap, boolean force) {
        for (int i = 1; i < rows.size(); i++) {
            float[] row = rows.get(i);
            for (float[] better : rows.subList(0, i)) {
                if (better[0] >= 0
                        && (force || better[0] == row[0])
                        && intersectionOverUnion(better, 2, row, 2) >= overlap) {
                    row[0] = -1;
                    break;
                }
            }
        }
    }

    private static void decode(float[] anchors, int a, float[] offsets, int at, boolean clip, float[] row) {
        float aw = anchors[a * 4 + 2] - anchors[a * 4];
        float ah = anchors[a * 4 + 3] - anchors[a * 4 + 1];
        float cx = offsets[at] * CENTRE * aw + (anchors[a * 4] + anchors[a * 4 + 2]) / 2;
        float cy = offsets[at + 1] * CENTRE * ah + (anchors[a * 4 + 1] + anchors[a * 4 + 3]) / 2;
        float w = (float) Math.exp(offsets[at + 2] * SIZE) * aw / 2;
        float h = (float) Math.exp(offsets[at + 3] * SIZE) * ah / 2;
        float[] sides = {cx - w, cy - h, cx + w, cy + h};
        for (int i = 0; i < 4; i++) {
            row[2 + i] = clip ? Math.clamp(sides[i], 0f, 1f) : sides[i];
        }
    }

    private static float intersectionOverUnion(float[] p, int i, float[] q, int j) {
        float w = Math.max(0f, Math.min(p[i + 2], q[j + 2]) - Math.max(p[i], q[j]));
        float h = Math.max(0f, Math.min(p[i + 3], q[j + 3]) - Math.max(p[i + 1], q[j + 1]));
        float union = area(p, i) + area(q, j) - w * h;
        return union <= 0 ? 0 : w * h / union;
    }

    private static float area(float[] box, int i) {
        return (box[i + 2] - box[i]) * (box[i + 3] - box[i + 1]);
    }

    private static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
