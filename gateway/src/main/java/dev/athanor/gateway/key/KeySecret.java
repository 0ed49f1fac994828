package dev.athanor.gateway.key;

import dev.athanor.contracts.error.Checks;
import dev.athanor.contracts.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The key that a caller holds: {@code ath_} and 32 random bytes in base64url. A plain SHA-256 is enough at rest, since
 * 256 random bits cannot be guessed; a slow password hash would only make every request slow.
 */
public record KeySecret(String value) {

    private static final Pattern FORMAT = Pattern.compile("ath_[A-Za-z0-9_-]{32,128}");
    private static final int PREFIX_LENGTH = 12;

    public KeySecret {
        if (value == null || !FORMAT.matcher(value).matches()) {
            // Not Checks.matches: the value must not be in the message.
            Checks.that(false, "key", null, "'ath_' and 32 to 128 letters, digits, '_' or '-'");
        }
    }

    public static KeySecret generate(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return new KeySecret("ath_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    public static boolean looksLikeKey(String value) {
        return FORMAT.matcher(value).matches();
    }

    /** Stored in clear, to look the key up by and to tell keys apart. */
    public String prefix() {
        return value.substring(0, PREFIX_LENGTH);
    }

    /** SHA-256 in lower-case hex. */
    public String hash() {
        return Json.sha256Hex(value.getBytes(StandardCharsets.UTF_8));
    }

    /** In constant time. */
    public boolean matches(String storedHash) {
        return MessageDigest.isEqual(
                hash().getBytes(StandardCharsets.US_ASCII), storedHash.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return prefix() + "…";
    }
}
