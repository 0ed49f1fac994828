package dev.athanor.standalone.cli;

import dev.athanor.standalone.server.Home;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the server's data is. */
final class HomeOption {

    @Option(
            names = "--home",
            defaultValue = "${env:ATHANOR_HOME:-.athanor}",
            description = "folder that keeps all data (default: ${DEFAULT-VALUE})")
    Path folder = Path.of(".athanor");

    Home home() {
        return new Home(folder);
    }
}
