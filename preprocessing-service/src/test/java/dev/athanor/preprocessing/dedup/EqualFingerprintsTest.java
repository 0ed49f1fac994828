package dev.athanor.preprocessing.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EqualFingerprintsTest {

    @Property(tries = 100)
    void rangesTogetherFindWhatAMapFinds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int ranges)
            throws Exception {
        var random = new Random(seed);
        Path folder = Files.createTempDirectory("fingerprints");
        var firsts = new HashMap<Fingerprint, Position>();
        var expected = new ArrayList<String>();
        var files = new ArrayList<FingerprintFile>();
        for (int shard = 0; shard < 3; shard++) {
            var writer = new FingerprintWriter(folder, "run" + shard, 25);
            for (int document = 0; document < random.nextInt(60); document++) {
                // Few values, so that there are copies, and ties in the upper half.
                var fingerprint =
                        new Fingerprint((long) random.nextInt(8) << 61 | random.nextInt(2), random.nextInt(2));
                writer.add(fingerprint, document);
                var position = new Position(shard, document);
                Position first = firsts.putIfAbsent(fingerprint, position);
                if (first != null) {
                    expected.add(first + " " + position);
                }
            }
            Path file = folder.resolve("f" + shard);
            writer.write(file);
            files.add(new FingerprintFile(file));
        }
        var found = new ArrayList<String>();
        for (int i = 0; i < ranges; i++) {
            EqualFingerprints.find(
                    files,
                    65536 / ranges * i,
                    i + 1 == ranges ? 65536 : 65536 / ranges * (i + 1),
                    ignored -> false,
                    (a, b) -> found.add(a + " " + b));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        files.forEach(FingerprintFile::close);
    }

    @Test
    void fingerprintsIgnoreCaseAndWhiteSpace() {
        assertThat(Fingerprint.of(" A  b\nC "))
                .isEqualTo(Fingerprint.of("a B c"))
                .isNotEqualTo(Fingerprint.of("ab c"));
    }
}
