package dev.athanor.contracts.message;

import dev.athanor.contracts.artifact.ArtifactId;
import dev.athanor.contracts.error.Checks;
import java.util.List;

/**
 * What an inference service should serve under a name.
 *
 * @param revision grows with every change; an older revision than the one served is ignored
 * @param variants share the traffic by weight; empty = take the deployment down
 */
public record DeploymentDesired(String name, long revision, List<Variant> variants) {

    /** @param bundle an artifact of kind deployment-bundle */
    public record Variant(String name, ArtifactId bundle, double weight) {

        public Variant {
            Checks.notBlank("name", name);
            Checks.present("bundle", bundle);
            Checks.range("weight", weight, 0, 1_000_000);
        }
    }

    public DeploymentDesired {
        Checks.notBlank("name", name);
        Checks.range("revision", revision, 1, Long.MAX_VALUE);
        variants = List.copyOf(variants);
    }
}
