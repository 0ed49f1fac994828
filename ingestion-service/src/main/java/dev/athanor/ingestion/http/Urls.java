package dev.athanor.ingestion.http;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/** URLs that may be fetched. Pages have addresses with blanks, bars and letters of all scripts in them; browsers read them. */
public final class Urls {

    private static final String LEGAL = "-._~:/?#@!$&'()*+,;=";

    private Urls() {}

    /** @throws BadContentException unless it is an http or https URL with a host and without credentials */
    public static URI parse(String url) throws BadContentException {
        try {
            URI uri = uri(url);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
                throw new BadContentException(
                        DeadLetterReason.ADDRESS_REFUSED,
                        "expected an http or https URL with a host, got '" + url + "'");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new BadContentException(
                    DeadLetterReason.ADDRESS_REFUSED, "expected a URL, got '" + url + "': " + e.getReason());
        }
    }

    /** A URL or a reference relative to one, with escapes for what must not stand in it, and its host in ASCII. */
    public static URI uri(String url) throws URISyntaxException {
        String text = url.strip();
        int start = text.indexOf("://");
        if (start < 0 || text.substring(0, start).contains("/")) {
            return new URI(escape(text));
        }
        int from = start + 3;
        int to = from;
        while (to < text.length() && "/?#".indexOf(text.charAt(to)) < 0) {
            to++;
        }
        return new URI(text.substring(0, from) + ascii(text.substring(from, to)) + escape(text.substring(to)));
    }

    private static String ascii(String authority) throws URISyntaxException {
        if (authority.chars().allMatch(c -> c < 0x80)) {
            return authority;
        }
        int port = authority.lastIndexOf(':');
        String host = port < 0 ? authority : authority.substring(0, port);
        try {
            return IDN.toASCII(host) + (port < 0 ? "" : authority.substring(port));
        } catch (IllegalArgumentException e) {
            throw new URISyntaxException(authority, "not a host's name");
        }
    }

    private static String escape(String text) {
        var out = new StringBuilder(text.length() + 8);
        boolean fragment = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            boolean escaped =
                    c == '%' && i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2));
            boolean letter = c < 0x80 && Character.isLetterOrDigit(c);
            if (escaped || letter || (LEGAL.indexOf(c) >= 0 && !(fragment && c == '#'))) {
                out.append((char) c);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    out.append('%')
                            .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                            .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
                }
            }
            fragment |= c == '#';
            i += Character.charCount(c);
        }
        return out.toString();
    }

    /** Escapes in one form: none for letters, digits and {@code -._~}, capitals in the others (RFC 3986, 6.2.2). */
    public static String normalizeEscapes(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2))) {
                int octet = Integer.parseInt(text, i + 1, i + 3, 16);
                boolean plain = octet < 0x80 && (Character.isLetterOrDigit(octet) || "-._~".indexOf(octet) >= 0);
                if (plain) {
                    out.append((char) octet);
                } else {
                    out.append('%')
                            .append(Character.toUpperCase(text.charAt(i + 1)))
                            .append(Character.toUpperCase(text.charAt(i + 2)));
                }
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** A pattern or path of robots.txt in the form of {@link #uri}'s paths. */
    public static String normalizePath(String path) {
        return normalizeEscapes(escape(path));
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 0x80;
    }
}
