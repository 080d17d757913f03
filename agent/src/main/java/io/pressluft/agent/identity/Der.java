package io.pressluft.agent.identity;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/** The handful of DER that a certificate request needs. */
final class Der {

    static final int BIT_STRING = 0x03;
    static final int OBJECT_ID = 0x06;
    static final int UTF8_STRING = 0x0c;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;
    static final int CONTEXT_0 = 0xa0;

    private static final int INTEGER = 0x02;
    private static final int LONG_FORM = 0x80;

    private Der() {}

    static byte[] of(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        out.writeBytes(length(content.size()));
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    static byte[] integer(int value) {
        return of(INTEGER, BigInteger.valueOf(value).toByteArray());
    }

    private static byte[] length(int length) {
        if (length < LONG_FORM) {
            return new byte[] {(byte) length};
        }
        byte[] digits = BigInteger.valueOf(length).toByteArray();
        int skip = digits[0] == 0 ? 1 : 0;
        byte[] out = new byte[digits.length - skip + 1];
        out[0] = (byte) (LONG_FORM | (digits.length - skip));
        System.arraycopy(digits, skip, out, 1, digits.length - skip);
        return out;
    }
}
