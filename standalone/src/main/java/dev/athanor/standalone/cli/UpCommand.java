package dev.athanor.standalone.cli;

import dev.athanor.standalone.server.Home;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start all services in one background process, and wait until they are ready.")
final class UpCommand implements Callable<Integer> {

    @Mixin
    ServerOptions options = new ServerOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Home home = options.home();
        String url = new ServerProcess(options, out).up();
        welcome(out, url, home.adminKey(), home);
        return 0;
    }

    static void welcome(PrintWriter out, String url, String key, Home home) {
        out.println();
        out.println("  gateway   " + url);
        out.println("  console   " + url + "/console");
        out.println("  API       " + url + "/swagger-ui");
        out.println("  key       " + key + "   (Authorization: Bearer …)");
        out.println("  log       " + home.log());
        out.println("  stop      ./athanor down");
        out.flush();
    }
}
