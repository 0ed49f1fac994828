package dev.athanor.trainer.pretraining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Energy in joules, of the whole machine's processors where the kernel tells (Intel's running average power limit, powercap), else
 * estimated from the time and a thermal design power of {@value #WATTS_PER_PROCESSOR} watts for each processor of this process.
 */
final class EnergyMeter {

    static final double WATTS_PER_PROCESSOR = 10;
    private static final Path POWERCAP = Path.of("/sys/class/powercap");

    private final List<Path> counters = new ArrayList<>();
    private final int processors;
    private long last;

    /** @param powercap folder of the kernel's power zones; packages are {@code intel-rapl:0}, {@code intel-rapl:1}, … */
    EnergyMeter(Path powercap, int processors) {
        this.processors = processors;
        for (int i = 0; Files.isReadable(powercap.resolve("intel-rapl:" + i + "/energy_uj")); i++) {
            counters.add(powercap.resolve("intel-rapl:" + i + "/energy_uj"));
        }
        last = microjoules();
    }

    static EnergyMeter ofThisMachine() {
        return new EnergyMeter(POWERCAP, Runtime.getRuntime().availableProcessors());
    }

    boolean measures() {
        return !counters.isEmpty();
    }

    /** Joules since the last call, which was {@code seconds} ago. */
    double joules(double seconds) {
        long now = microjoules();
        long spent = now - last;
        last = now;
        // Counters wrap around after some minutes; a negative difference tells nothing.
        return measures() && spent >= 0 ? spent * 1e-6 : seconds * processors * WATTS_PER_PROCESSOR;
    }

    private long microjoules() {
        long sum = 0;
        for (Path counter : counters) {
            try {
                sum += Long.parseLong(Files.readString(counter).strip());
            } catch (IOException | NumberFormatException e) {
                counters.clear();
                return 0;
            }
        }
        return sum;
    }
}
