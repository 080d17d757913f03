package io.pressluft.agent.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads the complete lines that were added to a file since the last look. A line beyond the bound is left out. */
public final class LineTail {

    private static final int BLOCK = 64 * 1024;
    private static final int LONGEST_LINE = 1024 * 1024;

    private final Path file;
    private long offset;
    private byte[] part = new byte[0];
    private boolean skipping;

    public LineTail(Path file) {
        this.file = file;
    }

    /** Some of the new lines, oldest first; none when everything complete has been read. */
    public List<String> more() throws IOException {
        var lines = new ArrayList<String>();
        while (lines.isEmpty()) {
            byte[] block = read();
            if (block.length == 0) {
                break;
            }
            split(block, lines);
        }
        return lines;
    }

    private byte[] read() throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocate(BLOCK);
            int count = channel.read(buffer, offset);
            if (count <= 0) {
                return new byte[0];
            }
            offset += count;
            byte[] block = new byte[count];
            buffer.flip().get(block);
            return block;
        } catch (NoSuchFileException notYet) {
            return new byte[0];
        }
    }

    private void split(byte[] block, List<String> lines) {
        int from = 0;
        for (int i = 0; i < block.length; i++) {
            if (block[i] == '\n') {
                keep(block, from, i);
                if (!skipping && part.length > 0) {
                    lines.add(new String(part, StandardCharsets.UTF_8));
                }
                part = new byte[0];
                skipping = false;
                from = i + 1;
            }
        }
        keep(block, from, block.length);
    }

    private void keep(byte[] block, int from, int to) {
        if (skipping || to == from) {
            return;
        }
        if (part.length + to - from > LONGEST_LINE) {
            skipping = true;
            part = new byte[0];
            return;
        }
        byte[] longer = new byte[part.length + to - from];
        System.arraycopy(part, 0, longer, 0, part.length);
        System.arraycopy(block, from, longer, part.length, to - from);
        part = longer;
    }
}
