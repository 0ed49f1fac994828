package dev.athanor.preprocessing.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tokens of one text as growing arrays of offsets into it (UTF-16 units); reused from text to text. */
public final class Tokens {

    private String text = "";
    private int[] starts = new int[1024];
    private int[] ends = new int[1024];
    private int size;

    void reset(String newText) {
        text = newText;
        size = 0;
    }

    void add(int start, int end) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        starts[size] = start;
        ends[size++] = end;
    }

    void set(int index, int start, int end) {
        starts[index] = start;
        ends[index] = end;
    }

    void truncate(int newSize) {
        size = newSize;
    }

    public int size() {
        return size;
    }

    public int start(int index) {
        return starts[index];
    }

    public int end(int index) {
        return ends[index];
    }

    public String get(int index) {
        return text.substring(starts[index], ends[index]);
    }

    public List<String> toList() {
        var list = new ArrayList<String>(size);
        for (int i = 0; i < size; i++) {
            list.add(get(i));
        }
        return list;
    }
}
