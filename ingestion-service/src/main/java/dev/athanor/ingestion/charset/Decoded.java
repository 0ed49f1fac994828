package dev.athanor.ingestion.charset;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A decoded text.
 *
 * @param charset canonical name of the encoding that was used
 * @param mojibakeRepaired number of character sequences that had been decoded wrongly before and were put right
 */
public record Decoded(String text, String charset, int mojibakeRepaired) {

    /** {@code charset} unless it is UTF-8, and {@code mojibake-repaired} unless it is zero. */
    public SortedMap<String, String> metadata() {
        var facts = new TreeMap<String, String>();
        if (!charset.equals("UTF-8")) {
            facts.put("charset", charset);
        }
        if (mojibakeRepaired > 0) {
            facts.put("mojibake-repaired", Integer.toString(mojibakeRepaired));
        }
        return facts;
    }
}
