package dev.athanor.lm.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** What tells the machine that this process runs on from others. */
final class Machine {

    /** Made by Linux anew at each start, and the same in all of a machine's containers. */
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    /** Whole numbers that a double holds. */
    private static final long DOUBLE = (1L << 52) - 1;

    private Machine() {}

    /** The same for all processes of a machine; of one process alone where the system tells nothing. At least 1. */
    static double number() {
        try {
            return number(UUID.fromString(
                    Files.readString(BOOT, StandardCharsets.UTF_8).strip()));
        } catch (IOException | IllegalArgumentException e) {
            return number(UUID.randomUUID());
        }
    }

    private static double number(UUID id) {
        return (id.getMostSignificantBits() ^ id.getLeastSignificantBits()) & DOUBLE | 1;
    }
}
