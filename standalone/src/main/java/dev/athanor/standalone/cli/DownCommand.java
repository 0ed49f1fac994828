package dev.athanor.standalone.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "down", mixinStandardHelpOptions = true, description = "Stop the server; its data stays.")
final class DownCommand implements Callable<Integer> {

    @Mixin
    HomeOption homeOption = new HomeOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        boolean stopped = ServerProcess.down(homeOption.home());
        spec.commandLine().getOut().println(stopped ? "stopped" : "no server is running in " + homeOption.folder);
        return 0;
    }
}
