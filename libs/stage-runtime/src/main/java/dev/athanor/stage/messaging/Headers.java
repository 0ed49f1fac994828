package dev.athanor.stage.messaging;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/** Reads message headers, which come as text or bytes depending on who sent them. */
final class Headers {

    private Headers() {}

    static @Nullable String text(Message<?> message, String name) {
        Object value = message.getHeaders().get(name);
        return switch (value) {
            case null -> null;
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
            default -> value.toString();
        };
    }
}
