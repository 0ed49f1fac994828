package dev.athanor.tokenizers.normalizers;

import dev.athanor.tokenizers.AlignedText;
import dev.athanor.tokenizers.IntList;
import dev.athanor.tokenizers.internal.CharsMap;
import dev.athanor.tokenizers.internal.Utf8;
import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A character map compiled by SentencePiece, applied as the Hugging Face library does: to grapheme clusters of at most five bytes,
 * else to single characters.
 */
public final class Precompiled implements Normalizer {

    private static final int MAX_GRAPHEME_BYTES = 5;

    private final byte[] charsMap;
    private final CharsMap map;

    /** @param charsMap the blob of a SentencePiece model's normalizer_spec */
    public Precompiled(byte[] charsMap) {
        this.charsMap = charsMap.clone();
        map = new CharsMap(this.charsMap);
    }

    public byte[] charsMap() {
        return charsMap.clone();
    }

    @Override
    public AlignedText normalize(AlignedText text) {
        String s = text.toString();
        BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
        graphemes.setText(s);
        Steps steps = new Steps();
        int start = graphemes.first();
        for (int end = graphemes.next(); end != BreakIterator.DONE; start = end, end = graphemes.next()) {
            grapheme(s, start, end, steps);
        }
        return steps.modified ? steps.apply(text) : text;
    }

    /** The characters of the result, each with its change as {@link AlignedText.Rewriter#apply} takes it. */
    private static final class Steps {
        final IntList codePoints = new IntList();
        final IntList changes = new IntList();
        boolean modified;

        void keep(int codePoint) {
            codePoints.add(codePoint);
            changes.add(0);
        }

        /** Characters one for one; the last ones are new if there are more, and the last takes the others' place if fewer. */
        void replace(int oldCount, String with) {
            modified = true;
            int first = codePoints.size();
            with.codePoints().forEach(this::keep);
            int more = codePoints.size() - first - oldCount;
            for (int i = 1; i <= more; i++) {
                changes.set(codePoints.size() - i, 1);
            }
            int last = codePoints.size() - 1;
            if (more < 0 && last >= 0) {
                changes.set(last, changes.get(last) + more);
            }
        }

        AlignedText apply(AlignedText text) {
            AlignedText.Rewriter out = new AlignedText.Rewriter(text);
            for (int i = 0; i < codePoints.size(); i++) {
                out.apply(codePoints.get(i), changes.get(i));
            }
            return out.finish();
        }
    }

    private void grapheme(String s, int start, int end, Steps steps) {
        int count = s.codePointCount(start, end);
        if (count > 1) {
            byte[] utf8 = s.substring(start, end).getBytes(StandardCharsets.UTF_8);
            String whole = utf8.length <= MAX_GRAPHEME_BYTES ? map.shortest(utf8, 0, utf8.length) : null;
            if (whole != null) {
                steps.replace(count, whole);
                return;
            }
        }
        for (int at = start; at < end; ) {
            int c = s.codePointAt(at);
            String one = character(c);
            if (one != null) {
                steps.replace(1, one);
            } else {
                steps.keep(c);
            }
            at += Character.charCount(c);
        }
    }

    /** What the map makes of one character, or null if it says nothing. */
    public @Nullable String character(int codePoint) {
        byte[] utf8 = new byte[4];
        return map.shortest(utf8, 0, Utf8.put(codePoint, utf8, 0));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Precompiled that && Arrays.equals(charsMap, that.charsMap);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(charsMap);
    }
}
