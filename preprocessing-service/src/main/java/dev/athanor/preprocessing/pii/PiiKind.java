package dev.athanor.preprocessing.pii;

import java.util.Arrays;
import java.util.Locale;

/** Kinds of personal data, by the names that {@code PiiSpec.KINDS} has. */
public enum PiiKind {
    EMAIL,
    PHONE,
    IP,
    IBAN,
    CARD,
    NATIONAL_ID,
    NAME;

    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static PiiKind of(String slug) {
        return Arrays.stream(values())
                .filter(k -> k.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind of personal data '" + slug + "'"));
    }
}
