package dev.athanor.gateway.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.gateway.job.JobEvent;
import dev.athanor.gateway.persistence.JobEventRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One event of a job.
 *
 * @param id number in the job, from 1, without gaps
 * @param type {@code job.submitted}, {@code job.cancel} and the other requests, {@code stage.started} and the others
 * @param jobStatus after this event
 * @param data what the event says beyond that
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventView(
        long id,
        String type,
        Instant at,
        @Nullable String stage,
        @Nullable Integer attempt,
        String jobStatus,
        @Nullable JsonNode data) {

    static EventView of(JobEventRow row) {
        return switch (row.event()) {
            case JobEvent.Submitted e -> plain(row, "job.submitted");
            case JobEvent.Requested e -> plain(row, "job." + e.request().slug());
            case JobEvent.Reported e -> reported(row, e.event());
        };
    }

    private static EventView plain(JobEventRow row, String type) {
        return new EventView(row.sequence(), type, row.at(), null, null, row.jobStatus(), null);
    }

    private static EventView reported(JobEventRow row, StageEvent event) {
        ObjectNode data = (ObjectNode)
                Json.MAPPER.readTree(Json.MAPPER.writerFor(StageEvent.class).writeValueAsString(event));
        String type = data.remove("type").asString();
        data.remove("run");
        return new EventView(
                row.sequence(),
                type,
                row.at(),
                event.run().stageId(),
                event.run().attempt(),
                row.jobStatus(),
                data.isEmpty() ? null : data);
    }
}
