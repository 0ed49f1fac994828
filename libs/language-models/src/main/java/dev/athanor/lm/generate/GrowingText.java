package dev.athanor.lm.generate;

import dev.athanor.tokenizers.StreamingDecoder;
import dev.athanor.tokenizers.Tokenizer;

/**
 * The text of one sequence while its tokens come, and where a stop text cuts it. Given out is only what stays: neither a part of a
 * character nor what may be the beginning of a stop text. A token costs the same however long the text is.
 */
final class GrowingText {

    private final StreamingDecoder decoder;
    private final StopTexts.Cursor stops;
    private final StringBuilder text = new StringBuilder();
    private int given;
    private boolean stopped;

    GrowingText(Tokenizer tokenizer, StopTexts stops) {
        decoder = tokenizer.streamingDecoder(true);
        this.stops = stops.new Cursor();
    }

    void add(int token) {
        read(decoder.next(token));
    }

    /** No more tokens come: what was held back belongs to the text now, unless it makes a stop text whole. */
    void finish() {
        if (!stopped) {
            read(decoder.finish());
        }
    }

    private void read(String fresh) {
        for (int i = 0; i < fresh.length(); i++) {
            text.append(fresh.charAt(i));
            int found = stops.read(fresh.charAt(i));
            if (found > 0) {
                text.setLength(text.length() - found);
                stopped = true;
                return;
            }
        }
    }

    /** Whether a stop text was found; the text then ends in front of it. */
    boolean stopped() {
        return stopped;
    }

    /** Characters of what is whole so far, the beginning of a stop text included. */
    int length() {
        return text.length();
    }

    /**
     * What has come to stay since the last call.
     *
     * @param ended whether nothing follows, so that the beginning of a stop text is text like any other
     */
    String take(boolean ended) {
        int until = ended ? text.length() : text.length() - stops.undecided();
        if (until <= given) {
            return "";
        }
        String fresh = text.substring(given, until);
        given = until;
        return fresh;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
