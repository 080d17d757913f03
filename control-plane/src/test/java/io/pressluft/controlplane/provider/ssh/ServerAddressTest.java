package io.pressluft.controlplane.provider.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"web1", "web-1.example.org", "WEB.example.org", "203.0.113.7", "2001:db8::7", "3com.net"})
    void a_host_is_a_name_or_an_address(String host) {
        assertThat(ServerAddress.valid(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                "-web",
                "web-",
                "web.",
                "we b",
                "web;id",
                "$(id)",
                "root@web",
                "web:22",
                "http://web",
                "[2001:db8::7]",
                "2001:db8::7%eth0",
                "1.2.3",
                "1.2.3.256",
                "01.2.3.4",
                "127.1",
                "2130706433",
                "0x7f000001",
                "1::2::3",
                "wéb",
                "\u212aiosk",
                "web_1",
                "{{ x }}",
                "../etc",
                "a\nb"
            })
    void what_is_neither_is_refused(String host) {
        assertThat(ServerAddress.valid(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost", "LOCALHOST", "x.localhost", "localhost.localdomain", "127.0.0.1", "127.9.9.9", "0.0.0.0",
                "::1", "::", "::ffff:127.0.0.1", "169.254.1.1", "fe80::1", "224.0.0.1", "ff02::1",
                "ip6-localhost", "0.1.2.3", "240.0.0.1", "255.255.255.255", "::127.0.0.1"
            })
    void this_host_and_what_is_no_single_machine_are_no_server(String host) {
        assertThat(ServerAddress.refused(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "2001:db8::7", "web1.example.org"})
    void another_machine_is_one(String host) {
        assertThat(ServerAddress.refused(host)).isFalse();
    }
}
