package dev.athanor.gateway.key;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.athanor.contracts.error.AthanorException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What the holder of a key may do. */
public enum Role {
    /** Calls the model, nothing else. */
    INFERENCE,
    /** Reads everything but keys. */
    VIEWER,
    /** Runs jobs, registers models, changes deployments, calls the model; reads everything but keys. */
    OPERATOR,
    /** Everything, keys included. */
    ADMIN;

    /** This role and those that it includes. */
    public Set<Role> includes() {
        return switch (this) {
            case INFERENCE -> EnumSet.of(INFERENCE);
            case VIEWER -> EnumSet.of(VIEWER);
            case OPERATOR -> EnumSet.of(OPERATOR, VIEWER, INFERENCE);
            case ADMIN -> EnumSet.allOf(Role.class);
        };
    }

    @JsonValue
    public String slug() {
        return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    public static Role of(String slug) {
        return Arrays.stream(values())
                .filter(r -> r.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> AthanorException.invalidSpec(
                        "role",
                        slug,
                        "one of " + Arrays.stream(values()).map(Role::slug).toList()));
    }
}
