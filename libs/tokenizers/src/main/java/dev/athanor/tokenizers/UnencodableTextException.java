package dev.athanor.tokenizers;

import org.jspecify.annotations.Nullable;

/**
 * A tokenizer has no tokens for a text, or no bound of time or memory is enough for it: the file of the tokenizer and the text do not go
 * together, and trying again does not help. What else goes wrong is thrown as another exception.
 */
public final class UnencodableTextException extends IllegalStateException {

    private static final int LONGEST_SHOWN = 200;

    private final String field;
    private final String value;
    private final String expected;

    /**
     * @param field of tokenizer.json that says so
     * @param value what is there, or the part of the text that it says nothing of; cut if it is long
     * @param expected what would have done
     */
    public UnencodableTextException(String field, String value, String expected) {
        this(field, value, expected, null);
    }

    public UnencodableTextException(String field, String value, String expected, @Nullable Throwable cause) {
        super(field + ": expected " + expected + ", got '" + shortened(value) + "'", cause);
        this.field = field;
        this.value = shortened(value);
        this.expected = expected;
    }

    private static String shortened(String s) {
        return s.length() <= LONGEST_SHOWN ? s : s.substring(0, LONGEST_SHOWN) + "…";
    }

    public String field() {
        return field;
    }

    public String value() {
        return value;
    }

    public String expected() {
        return expected;
    }
}
