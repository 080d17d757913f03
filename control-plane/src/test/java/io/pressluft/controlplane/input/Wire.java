package io.pressluft.controlplane.input;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client that sends exactly the bytes it is given: nothing is checked, completed or encoded on the way. */
final class Wire {

    private static final int PATIENCE_MS = 15_000;

    private final int port;

    Wire(int port) {
        this.port = port;
    }

    /** Everything that comes back after the request, which has to ask for the connection to be closed. */
    Reply send(byte[] request) {
        return exchange(request, false);
    }

    /** The same, but nothing follows the request: whoever waits for more of it sees the end. */
    Reply sendAndStop(byte[] request) {
        return exchange(request, true);
    }

    private Reply exchange(byte[] request, boolean stop) {
        long began = System.nanoTime();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MS);
            write(socket, request, stop);
            var answer = everything(socket.getInputStream());
            return Reply.of(answer, System.nanoTime() - began);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server that refuses early may hang up before everything was sent; what it said until then counts. */
    private static void write(Socket socket, byte[] request, boolean stop) throws IOException {
        try {
            socket.getOutputStream().write(request);
            if (stop) {
                socket.shutdownOutput();
            }
        } catch (SocketException closedEarly) {
            return;
        }
    }

    /** A connection that is reset has said what it had to say. */
    private static byte[] everything(InputStream from) throws IOException {
        var all = new ByteArrayOutputStream();
        try {
            from.transferTo(all);
        } catch (SocketException reset) {
            return all.toByteArray();
        }
        return all.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
