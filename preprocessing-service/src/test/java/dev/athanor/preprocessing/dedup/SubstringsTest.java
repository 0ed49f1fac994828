package dev.athanor.preprocessing.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.contracts.spec.DedupSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SubstringsTest {

    private static final int LENGTH = 32;

    /** The plain twin: every window of every text in a map. */
    @Property(tries = 100)
    void windowsAroundSharedAnchorsFindWhatAllWindowsFind(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int copies) {
        var random = new Random(seed);
        List<byte[]> texts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var text = new StringBuilder();
            for (int c = 0; c < 150; c++) {
                text.append((char) ('a' + random.nextInt(4)));
            }
            for (int copy = 0; copy < copies && i > 0; copy++) {
                String from = new String(texts.get(random.nextInt(i)), StandardCharsets.UTF_8);
                int start = random.nextInt(from.length() - 10);
                text.insert(
                        random.nextInt(text.length()),
                        from,
                        start,
                        Math.min(from.length(), start + 20 + random.nextInt(60)));
            }
            // And one that repeats itself.
            text.append("xyz".repeat(random.nextInt(30)));
            texts.add(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(byAnchors(texts)).isEqualTo(byAllWindows(texts));
    }

    private static BitSet byAllWindows(List<byte[]> texts) {
        var seen = new HashSet<String>();
        var copies = new BitSet();
        int start = 0;
        for (byte[] text : texts) {
            for (int at = 0; at + LENGTH <= text.length; at++) {
                if (!seen.add(new String(text, at, LENGTH, StandardCharsets.ISO_8859_1))) {
                    copies.set(start + at);
                }
            }
            start += text.length;
        }
        return copies;
    }

    private static BitSet byAnchors(List<byte[]> texts) {
        var spec = new DedupSpec(false, false, false, 20, LENGTH, List.of());
        var anchors = new HashMap<Fingerprint, Integer>();
        var shared = new BitSet();
        var index = new SegmentIndex(spec);
        for (byte[] text : texts) {
            index.anchors(text, index.next(text), (fingerprint, number) -> {
                Integer first = anchors.putIfAbsent(fingerprint, number);
                if (first != null) {
                    shared.set(first);
                    shared.set(number);
                }
            });
        }
        var windows = new HashSet<Fingerprint>();
        var copies = new BitSet();
        var again = new SegmentIndex(spec);
        for (byte[] text : texts) {
            again.windows(text, again.next(text), shared, (fingerprint, number) -> {
                if (!windows.add(fingerprint)) {
                    copies.set(number);
                }
            });
        }
        return copies;
    }

    @Test
    void cutsAreAtWholeCharacters() {
        var spec = new DedupSpec(false, false, false, 20, LENGTH, List.of());
        String text = "ää" + "ö".repeat(20) + "ßß";
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        var windows = new BitSet();
        windows.set(5, 10);
        var copies = new SegmentIndex.Copies(new BitSet(), new BitSet(), windows);
        var index = new SegmentIndex(spec);
        // Bytes 5 to 40: the half characters at both ends stay.
        assertThat(index.without(text, utf8, index.next(utf8), copies))
                .isEqualTo("ää" + "ö" + "ö".repeat(20 - 1 - 17) + "ßß");
    }

    @Test
    void equalPagesHaveOneUrl() {
        assertThat(CanonicalUrl.of("HTTP://www.Example.org:80/a/?utm_source=x&b=2&a=1#top"))
                .isEqualTo(CanonicalUrl.of("https://example.org/a?a=1&b=2&fbclid=9"))
                .isEqualTo("https://example.org/a?a=1&b=2");
        assertThat(CanonicalUrl.of("https://example.org/x.csv#row=5")).endsWith("#row=5");
        assertThat(CanonicalUrl.of("folder/file.txt")).isNull();
        assertThat(CanonicalUrl.of("http://[broken")).isNull();
    }
}
