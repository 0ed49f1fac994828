package dev.athanor.trainer.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnergyMeterTest {

    @TempDir
    Path powercap;

    @Test
    void theKernelsCountersAreAddedUp() throws Exception {
        set(0, 5_000_000);
        set(1, 1_000_000);
        var meter = new EnergyMeter(powercap, 4);
        assertThat(meter.measures()).isTrue();
        set(0, 7_500_000);
        set(1, 2_000_000);
        assertThat(meter.joules(2)).isEqualTo(3.5);
        assertThat(meter.joules(2)).isEqualTo(0);
        // It wrapped around.
        set(0, 10);
        assertThat(meter.joules(2)).isEqualTo(2 * 4 * EnergyMeter.WATTS_PER_PROCESSOR);
    }

    @Test
    void withoutCountersTheDesignPowerIsTaken() {
        var meter = new EnergyMeter(powercap, 2);
        assertThat(meter.measures()).isFalse();
        assertThat(meter.joules(3)).isEqualTo(60);
    }

    private void set(int zone, long microjoules) throws Exception {
        Path folder = Files.createDirectories(powercap.resolve("intel-rapl:" + zone));
        Files.writeString(folder.resolve("energy_uj"), microjoules + "\n");
    }
}
