package dev.athanor.tokenizers.internal;

import dev.athanor.tokenizers.IntList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Collects tokens with their offsets and words. Not thread-safe. */
public final class AlignedTokens {

    private final IntList ids = new IntList();
    /** Start and end of each token in the text, in code points. */
    private final IntList offsets = new IntList();

    private final IntList words = new IntList();
    /** Tokens whose name is not the vocabulary's, and their names. */
    private final IntList named = new IntList(8);

    private final List<String> names = new ArrayList<>(0);
    private int word;

    /** Adds a token of the word that is open. */
    public void add(int id, int from, int to) {
        ids.add(id);
        offsets.add(from);
        offsets.add(to);
        words.add(word);
    }

    /** Adds a token that is not called as the vocabulary calls it. */
    public void add(int id, String name, int from, int to) {
        named.add(ids.size());
        names.add(name);
        add(id, from, to);
    }

    /** The tokens from now on are of the next word. */
    public void endWord() {
        word++;
    }

    public IntList ids() {
        return ids;
    }

    public int[] offsets() {
        return offsets.toArray();
    }

    public int[] words() {
        return words.toArray();
    }

    /** The tokens' names, by the vocabulary where none was given; empty where the vocabulary has none. */
    public String[] names(IntFunction<@Nullable String> vocabulary) {
        String[] all = new String[ids.size()];
        int next = 0;
        for (int i = 0; i < all.length; i++) {
            if (next < named.size() && named.get(next) == i) {
                all[i] = names.get(next++);
            } else {
                String name = vocabulary.apply(ids.get(i));
                all[i] = name == null ? "" : name;
            }
        }
        return all;
    }
}
