package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;
import dev.athanor.preprocessing.language.EnglishDialect;
import java.util.List;

/** Drops documents in another English spelling than the wanted one; those that show none stay. */
public final class DialectFilter implements Filter {

    private final Limits limits;

    public DialectFilter(Limits limits) {
        this.limits = limits;
    }

    /** @param allowed {@code en-GB}, {@code en-US} */
    public record Limits(List<String> allowed) {

        public static final Limits DEFAULTS = new Limits(List.of("en-US"));

        public Limits {
            Checks.notEmpty("allowed", allowed);
            allowed = List.copyOf(allowed);
            for (int i = 0; i < allowed.size(); i++) {
                Checks.oneOf("allowed[" + i + "]", allowed.get(i), List.of("en-GB", "en-US"));
            }
        }
    }

    @Override
    public Verdict test(Analysis document) {
        String dialect = EnglishDialect.of(document.text());
        return dialect == null || limits.allowed.contains(dialect) ? Verdict.KEEP : Verdict.drop("dialect_not_allowed");
    }
}
