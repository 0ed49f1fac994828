package dev.athanor.preprocessing.words;

import java.util.Locale;

/** Hosts of URLs. */
public final class Domains {

    private Domains() {}

    /** Host of an HTTP URL in lower case without {@code www.}; empty for anything else. */
    public static String host(String uri) {
        int from = uri.startsWith("https://") ? 8 : uri.startsWith("http://") ? 7 : -1;
        if (from < 0) {
            return "";
        }
        int end = from;
        while (end < uri.length() && "/?#:\\".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        String authority = uri.substring(from, end);
        String host = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return host.startsWith("www.") ? host.substring(4) : host;
    }

    /** Whether a host is a domain or below it. */
    public static boolean isWithin(String host, String domain) {
        return host.equals(domain) || host.endsWith("." + domain);
    }
}
