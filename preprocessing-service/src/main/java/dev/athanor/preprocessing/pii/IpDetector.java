package dev.athanor.preprocessing.pii;

import static dev.athanor.preprocessing.pii.Chars.isDigit;

/** IPv4 in dotted decimals and IPv6 as RFC 4291 writes it, an IPv4 tail included; no versions of programs. */
final class IpDetector implements Detector {

    private static final int MAX_LENGTH = 45;

    @Override
    public int end(String text, int at) {
        int end = v4(text, at);
        // A port or prefix length may follow, a fifth number not.
        boolean whole = end >= 0
                && (end == text.length()
                        || text.charAt(end) != '.' && !Chars.isLetterOrDigit(text.charAt(end))
                        || Chars.ends(text, end));
        if (!whole) {
            return v6(text, at);
        }
        return Context.isBehind(text, at, Context.VERSIONS) ? -1 : end;
    }

    private static int v4(String text, int at) {
        int i = at;
        for (int octet = 0; octet < 4; octet++) {
            if (octet > 0 && (i >= text.length() || text.charAt(i++) != '.')) {
                return -1;
            }
            int from = i;
            int value = 0;
            while (i < text.length() && i - from < 3 && isDigit(text.charAt(i))) {
                value = value * 10 + text.charAt(i++) - '0';
            }
            if (i == from || value > 255 || i - from > 1 && text.charAt(from) == '0') {
                return -1;
            }
        }
        return i < text.length() && isDigit(text.charAt(i)) ? -1 : i;
    }

    private static int v6(String text, int at) {
        int limit = Math.min(text.length(), at + MAX_LENGTH + 1);
        int i = at;
        int groups = 0;
        boolean gap = false;
        boolean digit = false;
        boolean needGroup = false;
        if (text.startsWith("::", at)) {
            gap = true;
            i += 2;
        }
        while (i < limit && groups < 8) {
            int from = i;
            while (i < limit && i - from < 5 && Character.digit(text.charAt(i), 16) >= 0 && text.charAt(i) < 128) {
                digit |= isDigit(text.charAt(i++));
            }
            if (i == from || i - from > 4) {
                break;
            }
            if (i + 1 < limit && text.charAt(i) == '.' && isDigit(text.charAt(i + 1))) {
                int tail = groups <= 6 ? v4(text, from) : -1;
                if (tail < 0) {
                    break;
                }
                i = tail;
                groups += 2;
                needGroup = false;
                break;
            }
            groups++;
            needGroup = false;
            if (i >= limit || text.charAt(i) != ':') {
                break;
            }
            if (text.startsWith("::", i)) {
                if (gap) {
                    return -1;
                }
                gap = true;
                i += 2;
            } else {
                i++;
                needGroup = true;
            }
        }
        if (needGroup) {
            i--;
        }
        boolean whole = gap ? groups >= 1 && groups <= 7 : groups == 8;
        boolean ends = i == text.length() || text.charAt(i) == '/' || Chars.ends(text, i);
        return whole && digit && ends ? i : -1;
    }
}
