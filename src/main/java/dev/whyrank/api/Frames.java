package dev.whyrank.api;

import java.nio.charset.StandardCharsets;

/** Bytes of server-sent events. JSON from Jackson holds no line break, so one {@code data} line always does. */
final class Frames {

    /** A comment that keeps proxies from closing a quiet stream. */
    static final byte[] KEEP_ALIVE = ascii(": keep-alive\n\n");

    private static final byte[] ID = ascii("id: ");
    private static final byte[] EVENT = ascii("\nevent: ");
    private static final byte[] EVENT_DATA = ascii("\ndata: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] END = ascii("\n\n");

    private Frames() {}

    /** An event with id and name. */
    static byte[] named(long id, byte[] name, byte[] json) {
        return join(ID, ascii(Long.toString(id)), EVENT, name, EVENT_DATA, json, END);
    }

    /** An event that is data alone. */
    static byte[] data(byte[] data) {
        return join(DATA, data, END);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }
}
