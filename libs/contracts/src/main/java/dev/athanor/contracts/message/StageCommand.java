package dev.athanor.contracts.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.athanor.contracts.artifact.ArtifactId;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;

/** What the gateway asks of the service that owns a stage; topic {@link Topics#commands}, key = job id. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StageCommand.Start.class, name = "stage.start"),
    @JsonSubTypes.Type(value = StageCommand.Cancel.class, name = "stage.cancel"),
    @JsonSubTypes.Type(value = StageCommand.Pause.class, name = "stage.pause"),
    @JsonSubTypes.Type(value = StageCommand.Resume.class, name = "stage.resume")
})
public sealed interface StageCommand {

    StageRun run();

    /** Begin (a duplicate is a no-op). */
    record Start(StageRun run, JsonNode spec, SortedMap<String, ArtifactId> inputs, long seed)
            implements StageCommand {}

    /** Stop for good; acts on running tasks within about a second. */
    record Cancel(StageRun run) implements StageCommand {}

    /** Stop running tasks and hand out no more, until resumed. */
    record Pause(StageRun run) implements StageCommand {}

    record Resume(StageRun run) implements StageCommand {}
}
