package dev.athanor.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.gateway.Gateway;
import dev.athanor.gateway.service.ApiKeyService;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstKeyTest {

    @TempDir
    Path folder;

    private static GatewayProperties properties(String key, Path file) {
        return new GatewayProperties(
                URI.create("http://localhost"),
                URI.create("http://localhost"),
                URI.create("http://localhost"),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                key,
                file,
                1024,
                Duration.ofSeconds(60));
    }

    @Test
    void aFileWithAKeyIsWrittenOnlyWhereThereIsNoAdministratorAndOnlyForItsOwner() throws Exception {
        ApiKeyService keys = Gateway.shared().bean(ApiKeyService.class);
        Path file = folder.resolve("run").resolve("admin.key");
        new FirstKey(keys, properties("", file)).afterPropertiesSet();
        assertThat(file).as("there is an administrator already").doesNotExist();

        FirstKey.write(dev.athanor.gateway.key.KeySecret.generate(new java.security.SecureRandom()), file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).matches("ath_[A-Za-z0-9_-]{43}\n");
    }

    @Test
    void aBootstrapKeyIsStoredOnceAndStaysRevoked() throws Exception {
        ApiKeyService keys = Gateway.shared().bean(ApiKeyService.class);
        String secret = "ath_" + "b".repeat(40);
        var first = new FirstKey(keys, properties(secret, null));
        first.afterPropertiesSet();
        first.afterPropertiesSet();
        String id = keys.authenticate(secret).orElseThrow().getId();
        keys.revoke(id);
        first.afterPropertiesSet();
        assertThat(keys.authenticate(secret)).isEmpty();
    }

    @Test
    void aWeakBootstrapKeyIsRefusedWithoutShowingIt() throws Exception {
        ApiKeyService keys = Gateway.shared().bean(ApiKeyService.class);
        assertThatThrownBy(() -> new FirstKey(keys, properties("hunter2", null)).afterPropertiesSet())
                .hasMessageContaining("32 to 128")
                .hasMessageNotContaining("hunter2");
    }
}
