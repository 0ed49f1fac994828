package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;

/** What a {@link Filter} decides for one document. */
public sealed interface Verdict {

    Verdict KEEP = new Keep();

    static Verdict drop(String reason) {
        return new Drop(reason);
    }

    /** The document stays as it is. */
    record Keep() implements Verdict {}

    /** The document stays, with another text. */
    record Rewrite(String text) implements Verdict {}

    /**
     * The document goes.
     *
     * @param reason short and stable: it becomes part of a counter's name
     */
    record Drop(String reason) implements Verdict {
        public Drop {
            Checks.notBlank("reason", reason);
        }
    }
}
