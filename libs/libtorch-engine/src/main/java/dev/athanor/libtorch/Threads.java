package dev.athanor.libtorch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads libtorch computes with. Its own guess is wrong where it does not know the processor (one thread on some virtual
 * machines) or runs in a container (all cores of the host, whatever the quota), so the engine sets the number: a thread a core that
 * the JVM may use. {@code OMP_NUM_THREADS} has the last word.
 */
final class Threads {
    private Threads() {}

    static void apply(Map<String, String> environment) {
        if (environment.containsKey("OMP_NUM_THREADS") || environment.containsKey("MKL_NUM_THREADS")) {
            return;
        }
        int wanted = wanted();
        if (torch.get_num_threads() != wanted) {
            torch.set_num_threads(wanted);
        }
    }

    /** Cores rather than the two threads that a core may have, for both wait for the same arithmetic units. */
    static int wanted() {
        int usable = Runtime.getRuntime().availableProcessors();
        try {
            int cores = cores(Files.readAllLines(Path.of("/proc/cpuinfo")));
            return cores == 0 ? usable : Math.min(cores, usable);
        } catch (IOException e) {
            return usable;
        }
    }

    /** The different pairs of socket and core in the lines of {@code /proc/cpuinfo}; 0 where it does not name them. */
    static int cores(List<String> lines) {
        Set<String> cores = new HashSet<>();
        String socket = "";
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (line.startsWith("physical id") && colon > 0) {
                socket = line.substring(colon + 1).strip();
            } else if (line.startsWith("core id") && colon > 0) {
                cores.add(socket + '/' + line.substring(colon + 1).strip());
            }
        }
        return cores.size();
    }
}
