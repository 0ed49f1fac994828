package dev.athanor.tokenizers.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The Unicode property Canonical_Combining_Class, which the JDK does not give. */
final class CombiningClass {

    private static final int[] FIRST;
    private static final int[] LAST;
    private static final int[] VALUE;

    static {
        List<String> lines = lines();
        FIRST = new int[lines.size()];
        LAST = new int[lines.size()];
        VALUE = new int[lines.size()];
        for (int i = 0; i < FIRST.length; i++) {
            List<String> parts = List.of(lines.get(i).split(" "));
            FIRST[i] = Integer.parseInt(parts.get(0), 16);
            LAST[i] = Integer.parseInt(parts.get(1), 16);
            VALUE[i] = Integer.parseInt(parts.get(2));
        }
    }

    private CombiningClass() {}

    private static List<String> lines() {
        try (InputStream in = Objects.requireNonNull(
                CombiningClass.class.getResourceAsStream("combining-classes.txt"), "combining-classes.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int of(int codePoint) {
        if (codePoint < 0x300) {
            return 0;
        }
        int at = Arrays.binarySearch(FIRST, codePoint);
        int run = at >= 0 ? at : -at - 2;
        return run >= 0 && codePoint <= LAST[run] ? VALUE[run] : 0;
    }
}
