package dev.athanor.tokenizers;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How texts that became too long are cut.
 *
 * @param maxLength most tokens of the result, special tokens included
 * @param strategy which text of a pair is cut
 * @param stride how many tokens an overflowing part shares with the one before
 * @param direction which end is cut off
 */
public record Truncation(int maxLength, Strategy strategy, int stride, Side direction) {

    public enum Strategy {
        LONGEST_FIRST,
        ONLY_FIRST,
        ONLY_SECOND
    }

    /** An end of a text. */
    public enum Side {
        LEFT,
        RIGHT
    }

    public Truncation {
        if (maxLength < 0) {
            throw new IllegalArgumentException("truncation.max_length: " + maxLength + ", expected 0 or more");
        }
        if (stride < 0) {
            throw new IllegalArgumentException("truncation.stride: " + stride + ", expected 0 or more");
        }
    }

    /** Cut the longest on the right, without overlap. */
    public static Truncation to(int maxLength) {
        return new Truncation(maxLength, Strategy.LONGEST_FIRST, 0, Side.RIGHT);
    }

    /** One or two encodings cut to {@link #maxLength} less {@code reserved} tokens together. */
    List<Encoding> apply(List<Encoding> sequences, int reserved) {
        int room = maxLength - reserved;
        if (room < 0) {
            throw new IllegalArgumentException(
                    "truncation.max_length: " + maxLength + " leaves no room for the " + reserved + " special tokens");
        }
        Encoding first = sequences.getFirst();
        @Nullable Encoding second = sequences.size() > 1 ? sequences.get(1) : null;
        int total = first.length() + (second == null ? 0 : second.length());
        if (room == 0) {
            return sequences.stream().map(e -> cut(e, 0)).toList();
        }
        if (total <= room) {
            return sequences;
        }
        int excess = total - room;
        if (strategy == Strategy.LONGEST_FIRST) {
            return second == null ? List.of(cut(first, room)) : longestFirst(first, second, room);
        }
        boolean cutFirst = strategy == Strategy.ONLY_FIRST;
        Encoding target = cutFirst || second == null ? first : second;
        if (second == null && !cutFirst) {
            throw new IllegalArgumentException("truncation.strategy: ONLY_SECOND, but there is one text only");
        }
        if (target.length() <= excess) {
            throw new IllegalArgumentException("truncation: the text to cut has " + target.length() + " tokens, and "
                    + excess + " would have to go");
        }
        Encoding shorter = cut(target, target.length() - excess);
        if (second == null) {
            return List.of(shorter);
        }
        return cutFirst ? List.of(shorter, second) : List.of(first, shorter);
    }

    private List<Encoding> longestFirst(Encoding first, Encoding second, int room) {
        int shorter = Math.min(first.length(), second.length());
        int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        boolean swapped = first.length() > second.length();
        return List.of(cut(first, swapped ? longer : shorter), cut(second, swapped ? shorter : longer));
    }

    private Encoding cut(Encoding encoding, int length) {
        int n = encoding.length();
        if (length >= n) {
            return encoding;
        }
        if (length == 0) {
            return encoding.slice(0, 0).withOverflowing(List.of(encoding));
        }
        if (stride >= length) {
            throw new IllegalArgumentException("truncation.stride: " + stride + ", expected less than the length "
                    + length + " that is left without the special tokens");
        }
        List<Encoding> windows = new ArrayList<>();
        int step = length - stride;
        if (direction == Side.RIGHT) {
            int stop = 0;
            for (int start = 0; stop < n; start += step) {
                stop = Math.min(start + length, n);
                windows.add(encoding.slice(start, stop));
            }
        } else {
            int start = n;
            for (int stop = n; start > 0; stop -= step) {
                start = Math.max(0, stop - length);
                windows.add(encoding.slice(start, stop));
            }
        }
        return windows.getFirst().withOverflowing(windows.subList(1, windows.size()));
    }
}
