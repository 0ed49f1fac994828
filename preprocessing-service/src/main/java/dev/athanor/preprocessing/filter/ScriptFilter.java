package dev.athanor.preprocessing.filter;

import dev.athanor.contracts.error.Checks;
import dev.athanor.preprocessing.language.Scripts;
import java.util.List;

/** Drops documents that are mainly written in other scripts than the wanted ones. */
public final class ScriptFilter implements Filter {

    private final Limits limits;

    public ScriptFilter(Limits limits) {
        this.limits = limits;
    }

    /** @param allowed ISO 15924 codes, such as {@code Latn} */
    public record Limits(List<String> allowed) {

        public static final Limits DEFAULTS = new Limits(List.of("Latn"));

        public Limits {
            Checks.notEmpty("allowed", allowed);
            allowed = List.copyOf(allowed);
            for (int i = 0; i < allowed.size(); i++) {
                Checks.that(
                        Scripts.isCode(allowed.get(i)),
                        "allowed[" + i + "]",
                        allowed.get(i),
                        "an ISO 15924 code, e.g. Latn");
            }
        }
    }

    @Override
    public Verdict test(Analysis document) {
        return limits.allowed.contains(Scripts.of(document.text())) ? Verdict.KEEP : Verdict.drop("script_not_allowed");
    }
}
