package io.pressluft.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pressluft.controlplane.error.RequestException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingKeyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "control.example.org:7601",
                "a.example.org:7601,b.example.org:7601",
                "192.0.2.1:7601,[2001:db8::1]:7602"
            })
    void the_gateways_of_several_replicas_are_one_setting(String value) {
        assertThatCode(() -> SettingKey.GATEWAY_ADDRESS.check(value)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.example.org",
                "a.example.org:0",
                "a.example.org:7601,",
                ",a.example.org:7601",
                "a.example.org:7601, b.example.org:7601",
                "a:1,a:2,a:3,a:4,a:5,a:6,a:7,a:8,a:9"
            })
    void what_agents_could_not_dial_is_refused(String value) {
        assertThatThrownBy(() -> SettingKey.GATEWAY_ADDRESS.check(value)).isInstanceOf(RequestException.class);
    }
}
