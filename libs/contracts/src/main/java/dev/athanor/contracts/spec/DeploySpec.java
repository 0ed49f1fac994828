package dev.athanor.contracts.spec;

import dev.athanor.contracts.error.Checks;
import java.util.regex.Pattern;

/**
 * {@code inference.deploy}: a classifier to a deployment bundle that has been loaded and tried once; the gateway then
 * registers the model and points the deployment of this name at it.
 */
public record DeploySpec(String deployment) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    public static final DeploySpec DEFAULTS = new DeploySpec("sentiment");

    public DeploySpec {
        Checks.matches(
                "deployment",
                deployment,
                NAME,
                "a lower-case letter, then at most 62 lower-case letters, digits or hyphens");
    }
}
