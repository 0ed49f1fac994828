package dev.athanor.standalone.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/** The one folder that holds everything a standalone server keeps. */
public record Home(Path folder) {

    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    public Path kafka() {
        return folder.resolve("kafka");
    }

    public Path database() {
        return folder.resolve("postgres");
    }

    public Path store() {
        return folder.resolve("store");
    }

    public Path log() {
        return folder.resolve("logs").resolve("athanor.log");
    }

    /** Process id of the running server. */
    public Path pidFile() {
        return folder.resolve("run").resolve("server.pid");
    }

    /** Written when all services are ready; holds the gateway's URL. */
    public Path readyFile() {
        return folder.resolve("run").resolve("ready");
    }

    /** Holds the first administrator key, readable by its owner only. */
    public Path keyFile() {
        return folder.resolve("run").resolve("admin.key");
    }

    public void create() throws IOException {
        Files.createDirectories(folder.resolve("run"));
        Files.createDirectories(folder.resolve("logs"));
        Files.createDirectories(store());
    }

    /** The key of the first administrator; made at the first start. */
    public String adminKey() throws IOException {
        return secret(keyFile(), "ath_");
    }

    /** The token that the services show to each other; made at the first start. */
    public String internalToken() throws IOException {
        return secret(folder.resolve("run").resolve("internal.token"), "");
    }

    private static String secret(Path file, String prefix) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, prefix + HexFormat.of().formatHex(random));
        }
        return Files.readString(file).trim();
    }

    /** The running server, if there is one. */
    public Optional<ProcessHandle> running() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        String text = Files.readString(pidFile()).trim();
        if (!text.matches("\\d{1,9}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(text))
                .filter(ProcessHandle::isAlive)
                // A process id may have been given to another program since.
                .filter(p -> p.info().command().map(c -> c.contains("java")).orElse(true));
    }
}
