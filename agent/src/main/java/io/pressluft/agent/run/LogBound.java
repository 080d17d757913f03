package io.pressluft.agent.run;

import java.nio.charset.StandardCharsets;

/** Bounds the log of a job. The same texts in the same order always give the same bytes at the same offsets. */
public final class LogBound {

    static final int LIMIT = 1024 * 1024;
    static final String CUT = "\nThe log is cut here: it is longer than 1 MiB.\n";

    private long size;

    public LogBound(long size) {
        this.size = size;
    }

    public long size() {
        return size;
    }

    /** The bytes that the text adds to the log; none once it is cut. */
    public byte[] add(String text) {
        if (size >= LIMIT || text.isEmpty()) {
            return new byte[0];
        }
        byte[] all = (text.endsWith("\n") ? text : text + "\n").getBytes(StandardCharsets.UTF_8);
        if (size + all.length < LIMIT) {
            size += all.length;
            return all;
        }
        byte[] cut = CUT.getBytes(StandardCharsets.UTF_8);
        int room = whole(all, (int) (LIMIT - size));
        byte[] last = new byte[room + cut.length];
        System.arraycopy(all, 0, last, 0, room);
        System.arraycopy(cut, 0, last, room, cut.length);
        size += last.length;
        return last;
    }

    /** Where the last character that fits ends: one of several bytes is not cut in two. */
    private static int whole(byte[] text, int room) {
        int end = room;
        while (end > 0 && end < text.length && (text[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }
}
