package dev.athanor.contracts.document;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Part of a labelled data set. */
public enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    @JsonValue
    public String slug() {
        return name().toLowerCase(Locale.ROOT);
    }
}
