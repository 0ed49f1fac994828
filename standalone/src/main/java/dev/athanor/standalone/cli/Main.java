package dev.athanor.standalone.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands behind {@code ./athanor}. */
@Command(
        name = "athanor",
        mixinStandardHelpOptions = true,
        version = "Athanor 0.1.0",
        description = "Raw documents to a deployed, monitored sentiment model, on the JVM alone.",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            ServerCommand.class
        },
        footer = {"", "Also: athanor test, athanor bench NAME, athanor doctor."})
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        var commandLine = new CommandLine(new Main()).setExecutionExceptionHandler((e, command, parsed) -> {
            // People get one line; the stack trace is for those who ask for it.
            command.getErr().println("athanor: " + oneLine(e));
            if (System.getenv("ATHANOR_DEBUG") != null) {
                e.printStackTrace(command.getErr());
            }
            return 1;
        });
        System.exit(commandLine.execute(arguments));
    }

    private static String oneLine(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.toString() : message;
    }
}
