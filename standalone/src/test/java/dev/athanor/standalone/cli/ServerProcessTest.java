package dev.athanor.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.standalone.server.Home;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

    @TempDir
    Path folder;

    @Test
    void aPortInUseGetsOneClearLine() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var options = new ServerOptions();
            options.homeOption.folder = folder;
            options.port = taken.getLocalPort() - 1;
            assertThatThrownBy(() -> new ServerProcess(options, new PrintWriter(new StringWriter())).up())
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("port " + taken.getLocalPort() + " is in use")
                    .hasMessageContaining("--port");
        }
    }

    @Test
    void theKeyIsMadeOnceAndOnlyItsOwnerMayReadIt() throws IOException {
        var home = new Home(folder);
        home.create();
        String key = home.adminKey();
        assertThat(key).startsWith("ath_").hasSize(4 + 64);
        assertThat(home.adminKey()).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.keyFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void aPidFileOfADeadProcessMeansNotRunning() throws Exception {
        var home = new Home(folder);
        home.create();
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(home.pidFile(), Long.toString(dead.pid()));
        assertThat(home.running()).isEmpty();
        assertThat(ServerProcess.down(home)).isFalse();
    }
}
