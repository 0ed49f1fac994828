package dev.athanor.preprocessing.pii;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds personal data in texts; in time linear in their length, because each detector looks at a bounded number of characters. */
public final class PiiFinder {

    private final boolean emails;
    /** In order of precedence: those with check digits first. */
    private final Map<PiiKind, Detector> detectors = new EnumMap<>(PiiKind.class);

    private static final List<PiiKind> PRECEDENCE =
            List.of(PiiKind.IBAN, PiiKind.CARD, PiiKind.NATIONAL_ID, PiiKind.IP, PiiKind.PHONE, PiiKind.NAME);

    public PiiFinder(Collection<PiiKind> kinds, List<String> names) {
        emails = kinds.contains(PiiKind.EMAIL);
        for (PiiKind kind : kinds) {
            switch (kind) {
                case EMAIL -> {}
                case PHONE -> detectors.put(kind, new PhoneDetector());
                case IP -> detectors.put(kind, new IpDetector());
                case IBAN -> detectors.put(kind, new IbanDetector());
                case CARD -> detectors.put(kind, new CardDetector());
                case NATIONAL_ID -> detectors.put(kind, new NationalIdDetector());
                case NAME -> detectors.put(kind, new NameDetector(names));
            }
        }
    }

    /** In order of place; no two overlap. */
    public List<PiiMatch> find(String text) {
        var found = new ArrayList<PiiMatch>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            PiiMatch match = c == '@' ? email(text, i) : startsSomething(text, i) ? at(text, i) : null;
            if (match == null) {
                i++;
                continue;
            }
            // An address may begin before something that was taken for a number or a name.
            while (!found.isEmpty() && found.getLast().to() > match.from()) {
                found.removeLast();
            }
            found.add(match);
            i = match.to();
        }
        return found;
    }

    private boolean startsSomething(String text, int at) {
        char c = text.charAt(at);
        boolean sign = c == '+' || c == '(' || c == ':' && at + 1 < text.length() && text.charAt(at + 1) == ':';
        return (sign || Chars.isLetterOrDigit(c)) && Chars.begins(text, at);
    }

    private @Nullable PiiMatch email(String text, int at) {
        int from = emails ? EmailDetector.start(text, at) : -1;
        int to = from < 0 ? -1 : EmailDetector.end(text, at);
        return to < 0 ? null : new PiiMatch(PiiKind.EMAIL, from, to);
    }

    private @Nullable PiiMatch at(String text, int at) {
        for (PiiKind kind : PRECEDENCE) {
            Detector detector = detectors.get(kind);
            int end = detector == null ? -1 : detector.end(text, at);
            if (end > at) {
                return new PiiMatch(kind, at, end);
            }
        }
        return null;
    }
}
