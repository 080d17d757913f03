package io.pressluft.controlplane.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every provider keeps to. Each test has a node of its own and gives it back. */
public abstract class ProviderContract {

    /** The provider under test, on a host where it can work. */
    protected abstract NodeProvider provider();

    /** What to acquire; the same for every call. */
    protected abstract AcquisitionSpec spec();

    /** What has happened to the machine before it is released: a server that is given back refuses the key by then. */
    protected void cleaned() {}

    @Test
    void it_says_that_it_can_work_here() {
        assertThatCode(() -> provider().requireAvailable()).doesNotThrowAnyException();
    }

    @Test
    void acquiring_again_finds_the_same_machine() {
        var first = provider().acquire(spec(), Progress.SILENT);
        var again = provider().acquire(spec(), Progress.SILENT);
        released();
        assertThat(again).isEqualTo(first);
    }

    @Test
    void a_target_can_be_reached_and_recognised() {
        var target = provider().acquire(spec(), Progress.SILENT);
        released();
        assertThat(target.address()).isNotBlank();
        assertThat(target.hostKey()).matches("[a-z0-9-]+ [A-Za-z0-9+/=]+");
        assertThat(target.sshKeyPath()).isEqualTo(spec().sshKeyPath());
        assertThat(target.sshPort()).isBetween(1, 65_535);
    }

    @Test
    void what_it_does_is_told_as_steps() {
        var steps = new ArrayList<String>();
        provider().acquire(spec(), new Progress() {
            @Override
            public void step(String name, String detail) {
                steps.add(name);
            }

            @Override
            public void log(String line) {}
        });
        released();
        assertThat(steps).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void releasing_what_was_never_acquired_is_harmless() {
        assertThatCode(() -> provider().release(spec(), Progress.SILENT)).doesNotThrowAnyException();
    }

    @Test
    void releasing_twice_is_harmless() {
        provider().acquire(spec(), Progress.SILENT);
        released();
        assertThatCode(this::released).doesNotThrowAnyException();
    }

    @Test
    void a_machine_that_is_not_there_is_not_resumed() {
        assertThat(List.of(failure(() -> provider().resume(spec(), Progress.SILENT))))
                .containsExactly("machine_missing");
    }

    private void released() {
        cleaned();
        provider().release(spec(), Progress.SILENT);
    }

    protected static String failure(Runnable work) {
        try {
            work.run();
            return "none";
        } catch (ProviderException failed) {
            return failed.code();
        }
    }
}
