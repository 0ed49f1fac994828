package dev.athanor.gateway.config;

import dev.athanor.gateway.key.KeySecret;
import dev.athanor.gateway.service.ApiKeyService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/** Sees to it that somebody can call: the key given by the environment, or a new one in a file that only its owner reads. */
@Component
class FirstKey implements InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(FirstKey.class);

    private final ApiKeyService keys;
    private final GatewayProperties properties;

    FirstKey(ApiKeyService keys, GatewayProperties properties) {
        this.keys = keys;
        this.properties = properties;
    }

    @Override
    public void afterPropertiesSet() {
        String given = properties.bootstrapKey();
        Path file = properties.keyFile();
        if (given != null && !given.isBlank()) {
            keys.ensureAdmin(new KeySecret(given));
        } else if (file != null) {
            keys.createFirstAdmin().ifPresent(secret -> write(secret, file));
        } else if (!keys.hasAdmin()) {
            log.warn("there is no administrator's key: nobody can call the gateway; "
                    + "set ATHANOR_BOOTSTRAP_KEY, or ATHANOR_KEY_FILE to have one made");
        }
    }

    static void write(KeySecret secret, Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, secret.value() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the first API key to " + file, e);
        }
        log.info("first administrator's key {} written to {}", secret, file);
    }
}
