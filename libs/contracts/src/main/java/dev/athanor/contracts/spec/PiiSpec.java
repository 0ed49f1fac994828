package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is done about personal data in texts and metadata.
 *
 * @param mode {@code off}; {@code scrub}: the kind in brackets takes its place; {@code hash}: the kind and a keyed hash, so
 *     that equal values stay equal; {@code drop}: the document goes
 * @param kinds what is looked for, of {@link #KINDS}; {@code name} takes people's names behind titles (Mr, Dr, Frau, …) and
 *     those in {@code names}
 * @param names further names, as written; they are looked for only with the kind {@code name}
 * @param hashKey environment variable of the service that holds the key; with mode {@code hash} only
 */
public record PiiSpec(
        String mode,
        List<String> kinds,
        List<String> names,
        @Nullable String hashKey) {

    public static final List<String> MODES = List.of("off", "scrub", "hash", "drop");
    public static final List<String> KINDS = List.of("email", "phone", "ip", "iban", "card", "national-id", "name");
    private static final int MAX_NAMES = 100_000;
    private static final Pattern VARIABLE = Pattern.compile("ATHANOR_SECRET_[A-Z0-9_]{1,64}");

    public static final PiiSpec DEFAULTS =
            new PiiSpec("off", List.of("email", "phone", "ip", "iban", "card", "national-id"), List.of(), null);

    public PiiSpec {
        Checks.oneOf("mode", mode, MODES);
        Checks.notEmpty("kinds", kinds);
        kinds = List.copyOf(kinds);
        for (int i = 0; i < kinds.size(); i++) {
            Checks.oneOf("kinds[" + i + "]", kinds.get(i), KINDS);
        }
        Checks.present("names", names);
        names = List.copyOf(names);
        Checks.that(names.size() <= MAX_NAMES, "names", names.size(), "at most " + MAX_NAMES + " names");
        for (int i = 0; i < names.size(); i++) {
            Checks.notBlank("names[" + i + "]", names.get(i));
        }
        Checks.that(
                names.isEmpty() || kinds.contains("name"),
                "kinds",
                kinds,
                "the kind 'name' too, since names are given");
        if (mode.equals("hash")) {
            Checks.matches("hashKey", hashKey, VARIABLE, "a variable ATHANOR_SECRET_… (capitals, digits, '_')");
        }
    }

    public boolean on() {
        return !mode.equals("off");
    }
}
