package dev.athanor.gateway.deployment;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.message.DeploymentDesired.Variant;
import java.util.List;
import java.util.regex.Pattern;

/** Rules for the variants of a deployment. A variant of weight 0 is loaded but gets no traffic. */
public final class Variants {

    public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    public static final String NAME_RULE = "a lower-case letter, then at most 62 lower-case letters, digits or hyphens";
    private static final int MOST = 10;

    private Variants() {}

    public static void check(List<Variant> variants) {
        Checks.notEmpty("variants", variants);
        Checks.that(variants.size() <= MOST, "variants", variants.size(), "at most " + MOST + " variants");
        List<String> names = variants.stream().map(Variant::name).toList();
        Checks.that(names.stream().distinct().count() == names.size(), "variants", names, "distinct names");
        for (int i = 0; i < variants.size(); i++) {
            Checks.matches("variants[" + i + "].name", names.get(i), NAME, NAME_RULE);
        }
        Checks.that(
                variants.stream().anyMatch(v -> v.weight() > 0), "variants", null, "a weight above 0 in one of them");
    }

    public static List<Variant> promote(List<Variant> variants, String name) {
        return variants.stream()
                .filter(v -> v.name().equals(name))
                .findFirst()
                .map(v -> List.of(new Variant(v.name(), v.bundle(), 1)))
                .orElseThrow(() -> AthanorException.invalidSpec(
                        "variant",
                        name,
                        "one of " + variants.stream().map(Variant::name).toList()));
    }
}
