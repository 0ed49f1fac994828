package dev.athanor.benchmarks;

import dev.athanor.contracts.json.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Prints figures, a line each: for people, or one JSON object a line. A ratio above 1 means better than the peer or, for
 * a limit, above it.
 */
public final class Figures {

    private final PrintStream out;
    private final boolean json;

    public Figures(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** A figure where more is better (throughput). */
    public void higherIsBetter(String figure, double value, String unit, String peer, double peerValue) {
        print(figure, value, unit, peer, peerValue, value / peerValue);
    }

    /** A figure where less is better (time, memory). */
    public void lowerIsBetter(String figure, double value, String unit, String peer, double peerValue) {
        print(figure, value, unit, peer, peerValue, peerValue / value);
    }

    /** A figure without a peer. */
    public void plain(String figure, double value, String unit) {
        print(figure, value, unit, "", Double.NaN, Double.NaN);
    }

    /** Something that the reader of the figures must know; goes to the figures' stream as a comment. */
    public void note(String text) {
        out.println(json ? Json.MAPPER.writeValueAsString(Map.of("note", text)) : "# " + text);
    }

    private void print(String figure, double value, String unit, String peer, double peerValue, double ratio) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("figure", figure);
            line.put("value", value);
            line.put("unit", unit);
            if (!peer.isEmpty()) {
                line.put("peer", peer);
                line.put("peerValue", peerValue);
                line.put("ratio", ratio);
            }
            out.println(Json.MAPPER.writeValueAsString(line));
        } else if (peer.isEmpty()) {
            out.printf(Locale.ROOT, "%-44s %12s %-10s%n", figure, number(value), unit);
        } else {
            out.printf(
                    Locale.ROOT,
                    "%-44s %12s %-10s %s %s: ratio %.3f%n",
                    figure,
                    number(value),
                    unit,
                    peer,
                    number(peerValue),
                    ratio);
        }
        out.flush();
    }

    private static String number(double value) {
        return Math.abs(value) >= 1000 ? "%,.0f".formatted(value) : "%.4g".formatted(value);
    }
}
