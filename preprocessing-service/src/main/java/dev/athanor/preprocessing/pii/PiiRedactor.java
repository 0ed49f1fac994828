package dev.athanor.preprocessing.pii;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.spec.PiiSpec;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Puts something else in the place of personal data. Not for several threads. */
public final class PiiRedactor {

    private static final int HASH_BYTES = 8;

    private final PiiFinder finder;
    private final @Nullable Mac mac;

    private PiiRedactor(PiiFinder finder, @Nullable Mac mac) {
        this.finder = finder;
        this.mac = mac;
    }

    /**
     * @param environment name of a variable to its value, or null
     * @throws AthanorException INVALID_SPEC naming {@code hashKey} where the key is not set
     */
    public static PiiRedactor of(PiiSpec spec, UnaryOperator<@Nullable String> environment) {
        var kinds = spec.kinds().stream().map(PiiKind::of).toList();
        return new PiiRedactor(
                new PiiFinder(kinds, spec.names()), spec.mode().equals("hash") ? mac(spec, environment) : null);
    }

    public List<PiiMatch> find(String text) {
        return finder.find(text);
    }

    /** The text with {@code [EMAIL]} or {@code [EMAIL:0123456789abcdef]} for what was found in it. */
    public String redact(String text, List<PiiMatch> matches) {
        if (matches.isEmpty()) {
            return text;
        }
        var redacted = new StringBuilder(text.length());
        int from = 0;
        for (PiiMatch match : matches) {
            redacted.append(text, from, match.from()).append('[').append(match.kind());
            if (mac != null) {
                redacted.append(':').append(hash(mac, match.kind(), text.substring(match.from(), match.to())));
            }
            redacted.append(']');
            from = match.to();
        }
        return redacted.append(text, from, text.length()).toString();
    }

    /** The same value gives the same hash however it is grouped or capitalized. */
    private static String hash(Mac mac, PiiKind kind, String value) {
        var canonical = new StringBuilder(kind.slug()).append('\0');
        value.toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(c -> kind == PiiKind.EMAIL || kind == PiiKind.IP || Character.isLetterOrDigit(c))
                .forEach(canonical::appendCodePoint);
        byte[] hash = mac.doFinal(canonical.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    }

    private static Mac mac(PiiSpec spec, UnaryOperator<@Nullable String> environment) {
        String variable = String.valueOf(spec.hashKey());
        String key = environment.apply(variable);
        if (key == null || key.length() < 16) {
            throw AthanorException.invalidSpec(
                    "pii.hashKey",
                    variable,
                    "a variable of the preprocessing service that holds 16 characters or more");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HmacSHA256", e);
        }
    }
}
