package dev.athanor.preprocessing.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void caseAndWhiteSpaceDoNotCount() {
        assertThat(Fingerprint.of("  The Élan\n\tof it ")).isEqualTo(Fingerprint.of("the élan of it"));
        assertThat(Fingerprint.of("theélan")).isNotEqualTo(Fingerprint.of("the élan"));
    }

    @Property(tries = 2000)
    void onePassGivesWhatThePlainTwinGives(@ForAll("texts") String text) {
        assertThat(Fingerprint.of(text)).isEqualTo(Fingerprint.plain(text));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("aZ Éß\u212a\u0130\n\t\u00a0\u2003\u3000漢\u0000\u001f\u007f\ud83d\ude00")
                .ofMaxLength(20);
    }
}
