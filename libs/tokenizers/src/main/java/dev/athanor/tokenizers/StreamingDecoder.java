package dev.athanor.tokenizers;

/**
 * Turns ids into text one at a time, and never gives out half a character: what is not yet whole is held back. The text given out
 * is that of {@link Tokenizer#decode} on all ids. Not thread-safe.
 */
public final class StreamingDecoder {

    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    private final IntList ids = new IntList();
    /** How many ids lie in front of the text that has been given out last: the context that the next ids are decoded in. */
    private int given;

    private String prefix = "";

    StreamingDecoder(Tokenizer tokenizer, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
    }

    /** The text that the id completes, often empty. */
    public String next(int id) {
        ids.add(id);
        String text = tokenizer.decode(ids.toArray(), skipSpecialTokens);
        if (text.endsWith("\uFFFD") || text.length() <= prefix.length() || !text.startsWith(prefix)) {
            return "";
        }
        String fresh = text.substring(prefix.length());
        forgetOld();
        return fresh;
    }

    /** The text that was still held back, malformed characters as U+FFFD. */
    public String finish() {
        String text = tokenizer.decode(ids.toArray(), skipSpecialTokens);
        String rest = text.startsWith(prefix) ? text.substring(prefix.length()) : "";
        ids.clear();
        given = 0;
        prefix = "";
        return rest;
    }

    /** Keeps the ids of the text given out now as context, and drops those before. */
    private void forgetOld() {
        int[] all = ids.toArray();
        ids.clear();
        ids.addAll(all, given, all.length);
        given = ids.size();
        prefix = tokenizer.decode(ids.toArray(), skipSpecialTokens);
    }
}
