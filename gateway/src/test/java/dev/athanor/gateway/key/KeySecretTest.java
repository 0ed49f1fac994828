package dev.athanor.gateway.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.athanor.gateway.Ids;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeySecretTest {

    @Test
    void aGeneratedKeyMatchesItsHashOnly() {
        KeySecret one = KeySecret.generate(new SecureRandom());
        KeySecret other = KeySecret.generate(new SecureRandom());
        assertThat(one.value()).matches("ath_[A-Za-z0-9_-]{43}");
        assertThat(one.matches(one.hash())).isTrue();
        assertThat(one.matches(other.hash())).isFalse();
        assertThat(one.hash()).doesNotContain(one.value());
    }

    @Test
    void neitherTextNorRefusalShowsTheSecret() {
        KeySecret secret = KeySecret.generate(new SecureRandom());
        assertThat(secret.toString()).doesNotContain(secret.value().substring(12));
        assertThat(catchThrowable(() -> new KeySecret("hunter2-is-not-long-enough")))
                .hasMessageContaining("32 to 128")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void rolesIncludeWhatTheyShould() {
        assertThat(Role.OPERATOR.includes()).containsExactlyInAnyOrder(Role.OPERATOR, Role.VIEWER, Role.INFERENCE);
        assertThat(Role.VIEWER.includes()).containsExactly(Role.VIEWER);
        assertThat(Role.INFERENCE.includes()).containsExactly(Role.INFERENCE);
        assertThat(Role.ADMIN.includes()).containsExactlyInAnyOrder(Role.values());
    }

    @Test
    void idsSortByTimeAndAreChecked() {
        var early = new Ids(Clock.fixed(Instant.parse("2026-01-01T00:00:00.001Z"), ZoneOffset.UTC), new Random(1));
        var late = new Ids(Clock.fixed(Instant.parse("2026-01-01T00:00:00.002Z"), ZoneOffset.UTC), new Random(1));
        assertThat(early.next("job_")).isLessThan(late.next("job_"));
        assertThat(Ids.valid("job_", late.next("job_"))).isTrue();
        for (String bad :
                new String[] {"job_", "job_1", "mdl_01m82vbrkmqen1smft470s1nx4", "job_01m82vbrkmqen1smft470s1nxI"}) {
            assertThat(Ids.valid("job_", bad)).as(bad).isFalse();
        }
    }
}
