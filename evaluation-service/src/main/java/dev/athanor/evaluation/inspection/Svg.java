package dev.athanor.evaluation.inspection;

import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/** Drawings inside an HTML page. All text is escaped. */
final class Svg {

    private static final int CELL = 10;
    private static final int LEVELS = 16;
    private static final int LABEL = 90;

    private Svg() {}

    /**
     * A grid of colours: white is 0, red is 1, blue is -1.
     *
     * @param rows names, from the top
     * @param columns names, from the left; written upwards beneath
     * @param values [rows][columns], -1 to 1
     */
    static String heatMap(List<String> rows, List<String> columns, List<List<Double>> values) {
        int width = LABEL + CELL * columns.size();
        int height = CELL * rows.size() + LABEL;
        var svg = new StringBuilder(String.format(
                Locale.ROOT, "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">", width, height, width, height));
        for (int level = -LEVELS; level <= LEVELS; level++) {
            String cells = level == 0 ? "" : cells(values, level);
            if (!cells.isEmpty()) {
                svg.append("<path fill=\"")
                        .append(colour((double) level / LEVELS))
                        .append("\" d=\"")
                        .append(cells)
                        .append("\"/>");
            }
        }
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>",
                LABEL,
                CELL * columns.size(),
                CELL * rows.size()));
        for (int r = 0; r < rows.size(); r++) {
            svg.append("<text text-anchor=\"end\" x=\"")
                    .append(LABEL - 3)
                    .append("\" y=\"")
                    .append(CELL * r + CELL - 2)
                    .append("\">")
                    .append(label(rows.get(r)))
                    .append("</text>");
        }
        for (int c = 0; c < columns.size(); c++) {
            svg.append("<text text-anchor=\"end\" transform=\"translate(")
                    .append(LABEL + CELL * c + CELL - 2)
                    .append(' ')
                    .append(CELL * rows.size() + 3)
                    .append(") rotate(-90)\">")
                    .append(label(columns.get(c)))
                    .append("</text>");
        }
        return svg.append("</svg>").toString();
    }

    /** One path for all cells of a colour keeps maps of many thousand cells small. */
    private static String cells(List<List<Double>> values, int level) {
        var path = new StringBuilder();
        for (int r = 0; r < values.size(); r++) {
            for (int c = 0; c < values.get(r).size(); c++) {
                if (level(values.get(r).get(c)) == level) {
                    path.append('M')
                            .append(LABEL + CELL * c)
                            .append(' ')
                            .append(CELL * r)
                            .append("h10v10h-10z");
                }
            }
        }
        return path.toString();
    }

    private static int level(double value) {
        return Double.isNaN(value) ? 0 : (int) Math.round(LEVELS * Math.clamp(value, -1.0, 1.0));
    }

    /** @param value -1 (blue) to 1 (red) */
    static String colour(double value) {
        int faded = 255 - (int) Math.round(200 * (Double.isNaN(value) ? 0 : Math.min(1, Math.abs(value))));
        return value < 0
                ? String.format(Locale.ROOT, "#%02x%02xff", faded, faded)
                : String.format(Locale.ROOT, "#ff%02x%02x", faded, faded);
    }

    /** Counts by magnitude, those of positive values upwards and those of negative ones downwards, the highest filling its half. */
    static String histogram(long[] positive, long[] negative) {
        long most = 1;
        for (int i = 0; i < positive.length; i++) {
            most = Math.max(most, Math.max(positive[i], negative[i]));
        }
        double scale = 20.0 / most;
        String up = bars(positive.length, i -> scale * positive[i], "v-");
        String down = bars(negative.length, i -> scale * negative[i], "v");
        return "<svg width=\"130\" height=\"41\"><path fill=\"#c55\" d=\"" + up + "\"/><path fill=\"#55c\" d=\"" + down
                + "\"/><path stroke=\"#999\" d=\"M0 20.5h130\"/></svg>";
    }

    private static String bars(int count, IntToDoubleFunction height, String way) {
        var path = new StringBuilder();
        for (int i = 0; i < count; i++) {
            double h = height.applyAsDouble(i);
            if (h > 0) {
                // A single value must still be seen.
                path.append(String.format(Locale.ROOT, "M%d 20.5%s%.1fh4V20.5z", 5 * i, way, Math.max(1, h)));
            }
        }
        return path.toString();
    }

    private static String label(String text) {
        int[] points = text.codePoints().limit(15).toArray();
        boolean cut = text.codePointCount(0, text.length()) > points.length;
        return escaped(new String(points, 0, points.length) + (cut ? "…" : ""));
    }

    /** For element contents and quoted attributes; white space and control characters are made visible. */
    static String escaped(String text) {
        var out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case ' ' -> out.append('·');
                case '\n' -> out.append('↵');
                case '\t' -> out.append('⇥');
                default -> out.appendCodePoint(Character.isISOControl(c) || isSurrogate(c) ? 0xFFFD : c);
            }
        });
        return out.toString();
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
