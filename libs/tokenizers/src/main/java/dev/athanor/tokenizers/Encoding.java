package dev.athanor.tokenizers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a text became. All arrays have one entry a token, but {@code offsets}, which has two.
 *
 * @param ids token ids
 * @param typeIds 0 for the first text, 1 for the second of a pair, or what the post-processor makes of it
 * @param tokens the tokens as the vocabulary writes them
 * @param attentionMask 1 for tokens, 0 for padding
 * @param specialTokensMask 1 for tokens that the post-processor or padding added
 * @param offsets start and end of each token in the original text, in code points; see {@link #utf16Offsets}
 * @param wordIds which pre-tokenized piece each token came from, -1 for added ones
 * @param sequenceIds which text each token came from: 0, 1, or -1 for added ones
 * @param overflowing what truncation cut off, in windows of the same length
 */
public record Encoding(
        int[] ids,
        int[] typeIds,
        String[] tokens,
        int[] attentionMask,
        int[] specialTokensMask,
        int[] offsets,
        int[] wordIds,
        int[] sequenceIds,
        List<Encoding> overflowing) {

    public Encoding {
        overflowing = List.copyOf(overflowing);
    }

    /** Tokens of one text, none of them special. */
    static Encoding ofText(int[] ids, String[] tokens, int[] offsets, int[] wordIds, int sequence) {
        int n = ids.length;
        return new Encoding(
                ids,
                filled(n, sequence),
                tokens,
                filled(n, 1),
                new int[n],
                offsets,
                wordIds,
                filled(n, sequence),
                List.of());
    }

    /** Special tokens, which come from no text. */
    public static Encoding ofSpecial(int[] ids, String[] tokens, int typeId) {
        int n = ids.length;
        return new Encoding(
                ids,
                filled(n, typeId),
                tokens,
                filled(n, 1),
                filled(n, 1),
                new int[2 * n],
                filled(n, -1),
                filled(n, -1),
                List.of());
    }

    public int length() {
        return ids.length;
    }

    /** Start of the token in the original text, in code points. */
    public int start(int token) {
        return offsets[2 * token];
    }

    /** End of the token in the original text, in code points. */
    public int end(int token) {
        return offsets[2 * token + 1];
    }

    /** The offsets in UTF-16 code units, as {@link String#substring} takes them. Give the text that was encoded. */
    public int[] utf16Offsets(String text) {
        return utf16Offsets(text, 0);
    }

    /** The same for the tokens of one text of a pair; the other tokens keep theirs. */
    public int[] utf16Offsets(String text, int sequence) {
        int[] unitOf = new int[text.codePointCount(0, text.length()) + 1];
        int unit = 0;
        for (int i = 0; i < unitOf.length; i++) {
            unitOf[i] = unit;
            unit += unit < text.length() ? Character.charCount(text.codePointAt(unit)) : 0;
        }
        int[] result = offsets.clone();
        for (int i = 0; i < offsets.length; i++) {
            if (sequenceIds[i / 2] == sequence) {
                result[i] = unitOf[Math.min(offsets[i], unitOf.length - 1)];
            }
        }
        return result;
    }

    /** All tokens with one type id. */
    public Encoding withTypeId(int typeId) {
        return new Encoding(
                ids,
                filled(length(), typeId),
                tokens,
                attentionMask,
                specialTokensMask,
                offsets,
                wordIds,
                sequenceIds,
                overflowing);
    }

    /** Other offsets, two a token. */
    public Encoding withOffsets(int[] newOffsets) {
        return new Encoding(
                ids, typeIds, tokens, attentionMask, specialTokensMask, newOffsets, wordIds, sequenceIds, overflowing);
    }

    /** Other overflowing parts. */
    public Encoding withOverflowing(List<Encoding> parts) {
        return new Encoding(
                ids, typeIds, tokens, attentionMask, specialTokensMask, offsets, wordIds, sequenceIds, parts);
    }

    /** This and then the other; each overflowing part of either is joined with every alternative of the other. */
    public Encoding concat(Encoding other) {
        List<Encoding> parts = new ArrayList<>();
        for (Encoding mine : overflowing) {
            parts.add(mine.concat(other));
            for (Encoding theirs : other.overflowing) {
                parts.add(mine.concat(theirs));
            }
        }
        for (Encoding theirs : other.overflowing) {
            parts.add(concat(theirs));
        }
        String[] joined = Arrays.copyOf(tokens, tokens.length + other.tokens.length);
        System.arraycopy(other.tokens, 0, joined, tokens.length, other.tokens.length);
        return new Encoding(
                joined(ids, other.ids),
                joined(typeIds, other.typeIds),
                joined,
                joined(attentionMask, other.attentionMask),
                joined(specialTokensMask, other.specialTokensMask),
                joined(offsets, other.offsets),
                joined(wordIds, other.wordIds),
                joined(sequenceIds, other.sequenceIds),
                parts);
    }

    /** The parts joined in order. */
    public static Encoding concat(List<Encoding> parts) {
        Encoding all = ofSpecial(new int[0], new String[0], 0);
        for (Encoding part : parts) {
            all = all.length() == 0 && all.overflowing.isEmpty() ? part : all.concat(part);
        }
        return all;
    }

    /** The tokens from one index to another, without overflowing parts. */
    public Encoding slice(int from, int to) {
        return new Encoding(
                Arrays.copyOfRange(ids, from, to),
                Arrays.copyOfRange(typeIds, from, to),
                Arrays.copyOfRange(tokens, from, to),
                Arrays.copyOfRange(attentionMask, from, to),
                Arrays.copyOfRange(specialTokensMask, from, to),
                Arrays.copyOfRange(offsets, 2 * from, 2 * to),
                Arrays.copyOfRange(wordIds, from, to),
                Arrays.copyOfRange(sequenceIds, from, to),
                List.of());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoding that
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(typeIds, that.typeIds)
                && Arrays.equals(tokens, that.tokens)
                && Arrays.equals(attentionMask, that.attentionMask)
                && Arrays.equals(specialTokensMask, that.specialTokensMask)
                && Arrays.equals(offsets, that.offsets)
                && Arrays.equals(wordIds, that.wordIds)
                && Arrays.equals(sequenceIds, that.sequenceIds)
                && overflowing.equals(that.overflowing);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "Encoding" + Arrays.toString(ids);
    }

    private static int[] joined(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static int[] filled(int n, int value) {
        int[] array = new int[n];
        Arrays.fill(array, value);
        return array;
    }
}
