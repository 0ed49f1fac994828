package dev.athanor.standalone.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "down", mixinStandardHelpOptions = true, description = "Stop the server; its data stays.")
final class DownCommand implements Callable<Integer> {

    @Option(
            names = "--home",
            defaultValue = "${env:ATHANOR_HOME:-.athanor}",
            description = "folder of the server's data (default: ${DEFAULT-VALUE})")
    Path home = Path.of(".athanor");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        boolean stopped = ServerProcess.down(Main.home(home));
        spec.commandLine().getOut().println(stopped ? "stopped" : "no server is running in " + home);
        return 0;
    }
}
