package dev.athanor.stage.api;

import dev.athanor.contracts.error.Checks;
import tools.jackson.databind.JsonNode;

/**
 * One task of a round.
 *
 * @param name short and unique in the round, for people and logs, e.g. {@code shard-00012}
 * @param payload what to do: small JSON (file names, ranges), never documents
 */
public record TaskPlan(String name, JsonNode payload) {

    public TaskPlan {
        Checks.notBlank("name", name);
        Checks.present("payload", payload);
    }
}
