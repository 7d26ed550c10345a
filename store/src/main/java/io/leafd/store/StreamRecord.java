package io.leafd.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What is stored of a stream beside its log. Immutable.
 *
 * <p>Family {@code metadata}: key = {@code 'S'}, stream id (8); body = created ns (8), length of the account (2), account, length
 * of the name (2), name, configuration (the rest). Texts are UTF-8.
 */
record StreamRecord(String account, String name, long createdNs, byte[] config) {
    static final byte KEY = 'S';
    static final int KEY_BYTES = 9;

    static StreamRecord read(ByteBuffer body) {
        long createdNs = body.getLong();
        String account = text(body);
        String name = text(body);
        byte[] config = new byte[body.remaining()];
        body.get(config);
        return new StreamRecord(account, name, createdNs, config);
    }

    int bodyBytes() {
        return 12 + bytes(account).length + bytes(name).length + config.length;
    }

    void write(ByteBuffer body) {
        body.putLong(createdNs);
        putText(body, account);
        putText(body, name);
        body.put(config);
    }

    private static String text(ByteBuffer from) {
        byte[] bytes = new byte[from.getShort() & 0xffff];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void putText(ByteBuffer to, String text) {
        byte[] bytes = bytes(text);
        to.putShort((short) bytes.length).put(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
