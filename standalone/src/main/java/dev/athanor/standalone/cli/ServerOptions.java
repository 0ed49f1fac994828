package dev.athanor.standalone.cli;

import dev.athanor.standalone.server.Home;
import dev.athanor.standalone.server.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options shared by the commands that start a server. */
final class ServerOptions {

    @Mixin
    HomeOption homeOption = new HomeOption();

    @Option(
            names = "--port",
            defaultValue = "${env:ATHANOR_PORT:-8080}",
            description =
                    "port of the gateway; the other parts take ports up to 21 above it (default: ${DEFAULT-VALUE})")
    int port = 8080;

    @Option(
            names = "--memory",
            defaultValue = "${env:ATHANOR_MEMORY:-3g}",
            description =
                    "Java heap of the server; training and serving take native memory beside it (default: ${DEFAULT-VALUE})")
    String memory = "3g";

    @Option(names = "--data-root", description = "a folder that ingestion may read; may be given more than once")
    List<Path> dataRoots = new ArrayList<>();

    Home home() {
        return homeOption.home();
    }

    Ports ports() {
        return new Ports(port);
    }
}
