package dev.athanor.ingestion.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.8.8.8",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "2001:db8::1",
                "2001::1",
                "2002:0a00:0001::1",
                "64:ff9b::10.0.0.1",
                "64:ff9b:1::1",
                "fec0::1",
                "3fff::1"
            })
    void refuses(String address) throws UnknownHostException {
        assertThat(AddressPolicy.isPublic(InetAddress.getByName(address))).isFalse();
    }

    /** What the resolver makes of other ways to write a number: never a private address. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x7f.0.0.1",
                "0x7f000001",
                "0177.0.0.1",
                "017700000001",
                "2130706433",
                "127.1",
                "127.0.1",
                "0",
                "10.1",
                "0xa9fea9fe",
                "2852039166",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "::ffff:127.0.0.1",
                "::ffff:7f00:1",
                "0:0:0:0:0:ffff:a9fe:a9fe",
                "::ffff:0:127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "2002:7f00:0001::",
                "fe80::1%1",
                "fd00:ec2::254"
            })
    void noWayOfWritingAnAddressGetsAround(String host) {
        var policy = new AddressPolicy(false, Set.of("wiki.corp"), InetAddress::getAllByName);
        try {
            for (InetAddress address : policy.resolve(host)) {
                assertThat(AddressPolicy.isPublic(address))
                        .as(address.toString())
                        .isTrue();
            }
        } catch (UnknownHostException e) {
            assertThat(e).hasMessageContaining(host.split("%")[0].substring(0, 1));
        }
    }

    @Test
    void onlyTheHostsThatAreNamedMayBePrivate() throws UnknownHostException {
        var policy = new AddressPolicy(
                false, Set.of("wiki.corp"), host -> new InetAddress[] {InetAddress.getByName("10.0.0.7")});
        assertThat(policy.resolve("Wiki.Corp")).hasSize(1);
        assertThatThrownBy(() -> policy.resolve("other.corp")).hasMessageContaining("private-hosts");
        assertThatThrownBy(() -> policy.resolve("x.wiki.corp")).isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "100.63.0.1",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450:4001::1",
                "2002:0808:0808::1",
                "64:ff9b::8.8.8.8",
                "2001:4860:4860::8888"
            })
    void allows(String address) throws UnknownHostException {
        assertThat(AddressPolicy.isPublic(InetAddress.getByName(address))).isTrue();
    }
}
