package dev.athanor.gateway;

import java.time.Clock;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * New ids: a prefix and a ULID in lower case (48 bits of milliseconds, 80 random bits, Crockford's base 32), so that ids
 * of one prefix sort by time of creation.
 */
public final class Ids {

    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final Pattern ULID = Pattern.compile("[0-7][0-9a-hjkmnp-tv-z]{25}");

    private final Clock clock;
    private final RandomGenerator random;

    public Ids(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    public String next(String prefix) {
        var id = new StringBuilder(prefix.length() + 26).append(prefix);
        long millis = clock.millis();
        for (int shift = 45; shift >= 0; shift -= 5) {
            id.append(DIGITS.charAt((int) (millis >>> shift) & 31));
        }
        for (int i = 0; i < 16; i++) {
            id.append(DIGITS.charAt(random.nextInt(32)));
        }
        return id.toString();
    }

    public static boolean valid(String prefix, String id) {
        return id.startsWith(prefix)
                && ULID.matcher(id.substring(prefix.length())).matches();
    }
}
