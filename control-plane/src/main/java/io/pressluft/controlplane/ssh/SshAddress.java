package io.pressluft.controlplane.ssh;

/** Where an SSH server listens; the host is an address, so that every connection reaches the same machine. */
public record SshAddress(String host, int port, String user) {

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
