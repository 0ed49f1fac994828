package dev.athanor.tokenizer.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Bytes per token over vocabulary size, a line an algorithm, as SVG. */
final class SizePlot {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int LEFT = 60;
    private static final int RIGHT = 180;
    private static final int TOP = 30;
    private static final int BOTTOM = 50;
    /** Okabe and Ito's colours, which people of all colour vision can tell apart. */
    private static final List<String> COLOURS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000");

    private final List<Measurement> measurements;
    private final double least;
    private final double most;
    private final double top;
    private final List<String> svg = new ArrayList<>();

    private SizePlot(List<Measurement> measurements) {
        this.measurements = measurements;
        double smallest =
                measurements.stream().mapToDouble(SizePlot::size).min().orElse(0);
        double largest = measurements.stream().mapToDouble(SizePlot::size).max().orElse(0);
        least = smallest - 0.25;
        most = largest + 0.25;
        top = Math.ceil(measurements.stream()
                .mapToDouble(m -> m.text().bytesPerToken())
                .max()
                .orElse(1));
    }

    static String of(List<Measurement> measurements, Recommendation recommended) {
        return new SizePlot(measurements).draw(recommended);
    }

    private static double size(Measurement m) {
        return Math.log(m.vocabularySize()) / Math.log(2);
    }

    private double x(double size) {
        return LEFT + (size - least) / (most - least) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double bytesPerToken) {
        return HEIGHT - BOTTOM - bytesPerToken / top * (HEIGHT - TOP - BOTTOM);
    }

    private String draw(Recommendation recommended) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        axes();
        Map<String, List<Measurement>> lines = new LinkedHashMap<>();
        measurements.forEach(m ->
                lines.computeIfAbsent(m.algorithm(), a -> new ArrayList<>()).add(m));
        int index = 0;
        for (var line : lines.entrySet()) {
            line(line.getKey(), line.getValue(), COLOURS.get(index % COLOURS.size()), index++);
        }
        measurements.stream()
                .filter(m -> m.algorithm().equals(recommended.algorithm())
                        && m.vocabularySize() == recommended.vocabularySize())
                .forEach(m -> add(
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"9\" fill=\"none\" stroke=\"black\"/>",
                        x(size(m)), y(m.text().bytesPerToken())));
        add("</svg>");
        return String.join("\n", svg) + "\n";
    }

    private void axes() {
        for (int bytes = 0; bytes <= top; bytes++) {
            add(
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>",
                    LEFT, y(bytes), WIDTH - RIGHT, y(bytes));
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>", LEFT - 8, y(bytes) + 4, bytes);
        }
        measurements.stream()
                .map(Measurement::vocabularySize)
                .distinct()
                .sorted()
                .forEach(size -> add(
                        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
                        x(Math.log(size) / Math.log(2)), HEIGHT - BOTTOM + 18, size));
        add("<text x=\"%d\" y=\"%d\">vocabulary size</text>", LEFT, HEIGHT - 12);
        add("<text x=\"8\" y=\"18\">bytes per token on held-out text (circle: recommended)</text>");
    }

    private void line(String name, List<Measurement> points, String colour, int index) {
        var path = new StringBuilder();
        for (Measurement m : points) {
            path.append(String.format(
                    Locale.ROOT, "%.1f,%.1f ", x(size(m)), y(m.text().bytesPerToken())));
            add(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>",
                    x(size(m)), y(m.text().bytesPerToken()), colour);
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                path.toString().strip(), colour);
        int y = TOP + 20 + 20 * index;
        add("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>", WIDTH - RIGHT + 16, y - 10, colour);
        add("<text x=\"%d\" y=\"%d\">%s</text>", WIDTH - RIGHT + 34, y, name);
    }

    private void add(String format, Object... values) {
        svg.add(String.format(Locale.ROOT, format, values));
    }
}
