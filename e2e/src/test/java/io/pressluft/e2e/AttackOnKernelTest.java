package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel offers beside files: special calls, its settings, devices. */
@Order(20)
class AttackOnKernelTest extends Attack {

    @ParameterizedTest(name = "the system call {0} is refused")
    @CsvSource(
            delimiter = '|',
            value = {
                "bpf | 321, 0, 0, 0",
                "perf_event_open | 298, 0, 0, -1, -1, 0",
                "keyctl | 250, 0, -3, 0, 0, 0",
                "add_key | 248, b'user', b'a', b'b', 1, -3",
                "io_uring_setup | 425, 1, 0",
                "userfaultfd | 323, 0",
                "init_module | 175, 0, 0, b''",
                "kexec_load | 246, 0, 0, 0, 0",
                "reboot | 169, 0, 0, 0, 0",
                "settimeofday | 164, 0, 0",
                "sethostname | 170, b'x', 1",
                "unshare of users | 272, 0x10000000",
                "clone into new users | 56, 0x10000011, 0, 0, 0, 0",
                "setns | 308, 0, 0",
                "setrlimit | 160, 7, 0",
                "personality | 135, 0x0040000"
            })
    void system_call(String name, String call) {
        Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "the numbers are those of x86-64");
        assertThat(web(Syscalls.code("39; " + call))).containsExactly("done", "Operation not permitted");
    }

    @ParameterizedTest(name = "a socket of family {0}, type {1} is refused")
    @CsvSource({
        "2, 3, 1, Operation not permitted",
        "17, 3, 3, Address family not supported by protocol",
        "16, 3, 0, Address family not supported by protocol",
        "40, 1, 0, Address family not supported by protocol"
    })
    void raw_socket(int family, int type, int protocol, String refusal) {
        assertThat(web(Syscalls.code("41, 2, 1, 0; 41, %d, %d, %d".formatted(family, type, protocol))))
                .containsExactly("done", refusal);
    }

    @ParameterizedTest(name = "{0} is not there")
    @ValueSource(
            strings = {
                "/proc/sys/kernel/core_pattern",
                "/proc/sysrq-trigger",
                "/proc/kcore",
                "/proc/kallsyms",
                "/proc/keys",
                "/proc/mounts/../../1/maps",
                "/dev/mem",
                "/dev/kmsg",
                "/dev/fuse",
                "/dev/net/tun",
                "/dev/sda"
            })
    void missing(String path) {
        var said = web("return [read('/proc/self/comm'), read('%s')];".formatted(path));
        assertThat(said.getFirst()).startsWith("read: ");
        assertThat(said.getLast()).isEqualTo("refused: No such file or directory");
    }

    @ParameterizedTest(name = "{0} is closed")
    @ValueSource(strings = {"/sys/kernel", "/sys/fs", "/sys/fs/cgroup", "/boot"})
    void closed(String path) {
        assertThat(web("return [entries('/dev/shm/..') !== '' ? 'seen' : 'nothing', entries('%s')];".formatted(path)))
                .containsExactly("seen", "refused: Permission denied");
    }

    @Test
    void settings_of_the_machine_cannot_be_written() {
        assertThat(web("return [write('/tmp/attack'), write('/sys/devices/system/cpu/cpu0/online', '0')];"))
                .containsExactly("written", "refused: Read-only file system");
    }

    @Test
    void the_kernels_log_cannot_be_read() {
        assertThat(web("return [sh('dmesg')];"))
                .singleElement()
                .asString()
                .startsWith("1: ")
                .contains("Operation not permitted");
    }

    @Test
    void what_the_command_line_may_ask_of_the_kernel_is_no_more() {
        Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "the numbers are those of x86-64");
        assertThat(jail(Syscalls.code("39; 321, 0, 0, 0; 272, 0x10000000; 425, 1, 0")))
                .containsExactly(
                        "done", "Operation not permitted", "Operation not permitted", "Operation not permitted");
    }
}
