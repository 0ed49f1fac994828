package dev.athanor.stage.messaging;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/** Reads message headers, which come as text or bytes depending on who sent them. */
public final class Headers {

    private Headers() {}

    public static @Nullable String text(Message<?> message, String name) {
        Object value = message.getHeaders().get(name);
        return switch (value) {
            case null -> null;
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
            default -> value.toString();
        };
    }

    /**
     * An attribute of a CloudEvent, e.g. {@code time}. On the wire its header is {@code ce_time}; Spring Cloud Function
     * shows it as {@code ce-time} when it takes the message for a CloudEvent.
     */
    public static @Nullable String attribute(Message<?> message, String name) {
        String wire = text(message, "ce_" + name);
        return wire != null ? wire : text(message, "ce-" + name);
    }
}
