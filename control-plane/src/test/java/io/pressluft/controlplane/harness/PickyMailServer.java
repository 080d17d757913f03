package io.pressluft.controlplane.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mail server on loopback that refuses some recipients and keeps what it takes for the others. */
public final class PickyMailServer implements AutoCloseable {

    private final ServerSocket listener;
    private final Set<String> refused;
    private final List<List<String>> taken = new CopyOnWriteArrayList<>();

    public PickyMailServer(Set<String> refused) {
        this.refused = Set.copyOf(refused);
        try {
            listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The recipients of each message that was taken. */
    public List<List<String>> taken() {
        return List.copyOf(taken);
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (var client = listener.accept()) {
                converse(client);
            } catch (IOException goneOrClosed) {
                // The next one, if there is one.
            }
        }
    }

    private void converse(Socket client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        var recipients = new ArrayList<String>();
        say(client, "220 picky");
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            switch (line.substring(0, Math.min(4, line.length()))) {
                case "RCPT" -> {
                    var address = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                    if (refused.contains(address)) {
                        say(client, "550 no such mailbox");
                    } else {
                        recipients.add(address);
                        say(client, "250 fine");
                    }
                }
                case "DATA" -> {
                    say(client, "354 go on");
                    while (!".".equals(in.readLine())) {
                        // What it says is of no interest.
                    }
                    taken.add(List.copyOf(recipients));
                    say(client, "250 taken");
                }
                case "QUIT" -> {
                    say(client, "221 bye");
                    return;
                }
                default -> say(client, "250 fine");
            }
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
