package dev.athanor.ingestion.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves hosts to addresses that ingestion may reach. The HTTP client connects to exactly the addresses returned here, so
 * a name that resolves to another address a moment later (DNS rebinding) gains nothing.
 */
public final class AddressPolicy implements DnsResolver {

    /** How names become addresses. */
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    /** The host's address is one that must not be reached. */
    public static final class RefusedException extends UnknownHostException {
        RefusedException(String host, InetAddress address) {
            super(host + " is at " + address.getHostAddress()
                    + ", a private or special address; athanor.ingestion.private-hosts would allow it");
        }
    }

    private final boolean allowPrivate;
    private final Set<String> privateHosts;
    private final Lookup lookup;

    /** @param privateHosts hosts that may be at private addresses, in lower case */
    public AddressPolicy(boolean allowPrivate, Set<String> privateHosts, Lookup lookup) {
        this.allowPrivate = allowPrivate;
        this.privateHosts = Set.copyOf(privateHosts);
        this.lookup = lookup;
    }

    /** @throws RefusedException if any of the host's addresses is not public */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.all(host);
        boolean open = allowPrivate || privateHosts.contains(host.toLowerCase(Locale.ROOT));
        for (InetAddress address : addresses) {
            if (!open && !isPublic(address)) {
                throw new RefusedException(host, address);
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /** Globally reachable unicast, after the IANA special-purpose registries (RFC 6890 and its successors). */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] b = address.getAddress();
        return address instanceof Inet4Address
                ? isPublic4(b[0] & 0xff, b[1] & 0xff, b[2] & 0xff)
                : isPublic6((Inet6Address) address, b);
    }

    private static boolean isPublic4(int a, int b, int c) {
        return !(a == 0 // this network
                || a == 10
                || a == 127
                || a >= 224 // multicast, reserved, broadcast
                || (a == 100 && b >= 64 && b < 128) // shared by carriers
                || (a == 169 && b == 254)
                || (a == 172 && b >= 16 && b < 32)
                || (a == 192 && b == 168)
                || (a == 192 && b == 0 && (c == 0 || c == 2)) // protocol assignments, documentation
                || (a == 192 && b == 88 && c == 99) // 6to4 relays
                || (a == 198 && (b == 18 || b == 19)) // benchmarks
                || (a == 198 && b == 51 && c == 100)
                || (a == 203 && b == 0 && c == 113));
    }

    private static boolean isPublic6(Inet6Address address, byte[] b) {
        int first = (b[0] & 0xff) << 8 | b[1] & 0xff;
        int second = (b[2] & 0xff) << 8 | b[3] & 0xff;
        if (address.isIPv4CompatibleAddress() || isZero(b, 0, 10)) {
            return false; // ::/80 with mapped and compatible addresses; Java turns mapped ones into IPv4 itself
        }
        if (first == 0x0064 && second == 0xff9b) {
            // NAT64: judge the address behind it; the local-use prefix 64:ff9b:1::/48 is never public.
            return isZero(b, 4, 12) && isPublic4(b[12] & 0xff, b[13] & 0xff, b[14] & 0xff);
        }
        if (first == 0x2002) {
            return isPublic4(b[2] & 0xff, b[3] & 0xff, b[4] & 0xff); // 6to4
        }
        return (first & 0xe000) == 0x2000 // global unicast
                && !(first == 0x2001 && second < 0x0200) // Teredo, ORCHID and other assignments
                && !(first == 0x2001 && second == 0x0db8) // documentation
                && !(first == 0x3fff && second < 0x1000);
    }

    private static boolean isZero(byte[] b, int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
