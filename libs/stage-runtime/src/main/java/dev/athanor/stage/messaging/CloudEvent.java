package dev.athanor.stage.messaging;

import dev.athanor.contracts.json.Json;
import dev.athanor.contracts.message.StageCommand;
import dev.athanor.contracts.message.StageEvent;
import dev.athanor.contracts.message.StageRun;
import dev.athanor.contracts.message.TaskReady;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A message as a CloudEvent 1.0 in Kafka's binary mode: attributes in headers with the prefix {@code ce_}, data as JSON.
 *
 * @param key Kafka key; messages of one key keep their order
 * @param type attribute {@code type}, e.g. {@code dev.athanor.stage.completed}
 * @param subject attribute {@code subject}; of stage messages: the key of the stage run
 * @param stageType extension attribute {@code stagetype}, or empty; tells whose message it is when its data is unreadable
 */
public record CloudEvent(String key, String type, String subject, String stageType, Object data) {

    static final String ID = "id";
    static final String SOURCE = "source";
    static final String SUBJECT = "subject";
    static final String STAGE_TYPE = "stagetype";

    public static CloudEvent of(StageCommand command) {
        return ofRun(command.run(), command);
    }

    public static CloudEvent of(StageEvent event) {
        return ofRun(event.run(), event);
    }

    public static CloudEvent of(TaskReady task) {
        StageRun run = task.run();
        return new CloudEvent(
                task.taskId(), "dev.athanor.task.ready", run.key(), run.type().id(), task);
    }

    private static CloudEvent ofRun(StageRun run, Object data) {
        String type = Json.tree(data).get("type").asString();
        return new CloudEvent(
                run.jobId(), "dev.athanor." + type, run.key(), run.type().id(), data);
    }

    /** @param source who says it, e.g. {@code athanor/gateway} */
    Map<String, String> headers(String source, Instant time) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_" + ID, UUID.randomUUID().toString());
        headers.put("ce_" + SOURCE, source);
        headers.put("ce_type", type);
        headers.put("ce_" + SUBJECT, subject);
        headers.put("ce_time", time.toString());
        headers.put("content-type", "application/json");
        if (!stageType.isEmpty()) {
            headers.put("ce_" + STAGE_TYPE, stageType);
        }
        return headers;
    }
}
