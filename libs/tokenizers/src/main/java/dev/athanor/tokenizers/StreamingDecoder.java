package dev.athanor.tokenizers;

/**
 * Turns ids into text one at a time, and never gives out half a character: what is not yet whole is held back. The text given out
 * is that of {@link Tokenizer#decode} on all ids; where the ids' bytes are no UTF-8, it may have another number of U+FFFD. What is
 * held back is some ids at most, so that each id costs the same however long the text is. Not thread-safe.
 */
public final class StreamingDecoder {

    private static final String MALFORMED = "\uFFFD";
    /** A character has at most four bytes, so that what is not whole after this many ids never will be. */
    private static final int PATIENCE = 64;

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
        if (skipSpecialTokens && tokenizer.isSpecial(id)) {
            return "";
        }
        ids.add(id);
        String text = text();
        boolean incomplete = text.endsWith(MALFORMED);
        boolean patient = ids.size() - given <= PATIENCE;
        if (incomplete && patient) {
            return "";
        }
        text = withoutLostContext(text);
        int whole = incomplete ? text.length() - 1 : text.length();
        if (whole <= prefix.length()) {
            return "";
        }
        String fresh = text.substring(prefix.length(), whole);
        forgetOld(text.length() - whole);
        return fresh;
    }

    /** The text that was still held back, malformed characters as U+FFFD. */
    public String finish() {
        String text = withoutLostContext(text());
        String rest = text.substring(prefix.length());
        ids.clear();
        given = 0;
        prefix = "";
        return rest;
    }

    private String text() {
        return tokenizer.decode(ids.toArray(), skipSpecialTokens);
    }

    /** Malformed bytes can change how those before them are decoded; what was given out is then context no longer. */
    private String withoutLostContext(String text) {
        if (text.startsWith(prefix)) {
            return text;
        }
        int[] all = ids.toArray();
        ids.clear();
        ids.addAll(all, given, all.length);
        given = 0;
        prefix = "";
        return text();
    }

    /** Keeps the ids of the text given out now as context, but for the last characters, and drops those before. */
    private void forgetOld(int heldBack) {
        int[] all = ids.toArray();
        ids.clear();
        ids.addAll(all, given, all.length);
        given = ids.size();
        String text = text();
        prefix = text.substring(0, Math.max(0, text.length() - heldBack));
    }
}
