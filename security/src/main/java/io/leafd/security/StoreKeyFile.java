package io.leafd.security;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file with the keys of the store. Owned by whoever read it, and zeroed by {@link #close}.
 *
 * <pre>
 *   # made with: openssl rand -hex 32
 *   00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
 *   ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100   # until 2027, decrypts only
 * </pre>
 *
 * <p>A key is 32 bytes in 64 hex digits, alone in its line; {@code #} begins a comment. The first key encrypts, the others decrypt
 * what was encrypted before. At most {@value #KEYS_MAX} keys.
 */
public final class StoreKeyFile implements AutoCloseable {
    static final int KEYS_MAX = 16;
    private static final int DIGITS = 64;
    private static final String MAKE = "make a key with: openssl rand -hex 32";

    private final Path path;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();

    private StoreKeyFile(Path path) {
        this.path = path;
    }

    /**
     * Reads the file.
     *
     * @throws SecurityConfigException if it is no file that {@link SecretFile} reads, or a line is no key; it names the line and shows
     *     nothing of it
     */
    public static StoreKeyFile read(Path path) {
        var file = new StoreKeyFile(path);
        try (SecretFile secret = SecretFile.read(path)) {
            file.parse(secret.bytes());
            return file;
        } catch (SecurityConfigException e) {
            file.close();
            throw e;
        }
    }

    /** The keys themselves, the one that encrypts first; all zero after {@link #close}. */
    public List<byte[]> keys() {
        return List.copyOf(keys);
    }

    private void parse(byte[] bytes) {
        int line = 1;
        int from = 0;
        for (int at = 0; at <= bytes.length; at++) {
            if (at == bytes.length || bytes[at] == '\n') {
                line(line, bytes, from, at);
                line++;
                from = at + 1;
            }
        }
        if (keys.isEmpty()) {
            throw new SecurityConfigException(path.toString(), "holds no key", MAKE);
        }
    }

    private void line(int number, byte[] bytes, int from, int to) {
        int start = from;
        int end = from;
        while (end < to && bytes[end] != '#') {
            end++;
        }
        while (start < end && isBlank(bytes[start])) {
            start++;
        }
        while (end > start && isBlank(bytes[end - 1])) {
            end--;
        }
        if (start < end) {
            add(number, key(number, bytes, start, end - start, start - from));
        }
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t' || character == '\r';
    }

    private byte[] key(int number, byte[] bytes, int start, int length, int indent) {
        for (int i = 0; i < length; i++) {
            if (Character.digit(bytes[start + i], 16) < 0) {
                throw wrong(number, "the character in column " + (indent + i + 1) + " is no hex digit");
            }
        }
        if (length != DIGITS) {
            throw wrong(number, "has " + length + " hex digits instead of " + DIGITS);
        }
        byte[] key = new byte[DIGITS / 2];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte)
                    (Character.digit(bytes[start + 2 * i], 16) << 4 | Character.digit(bytes[start + 2 * i + 1], 16));
        }
        return key;
    }

    private void add(int number, byte[] key) {
        Integer same = lineOf(key);
        keys.add(key);
        lines.add(number);
        if (same != null) {
            throw new SecurityConfigException(at(number), "is the same key as line " + same, "remove one of the lines");
        }
        if (keys.size() > KEYS_MAX) {
            throw new SecurityConfigException(
                    at(number), "is one key too many: at most " + KEYS_MAX, "remove keys that are not needed any more");
        }
    }

    private @Nullable Integer lineOf(byte[] key) {
        for (int i = 0; i < keys.size(); i++) {
            if (Arrays.equals(keys.get(i), key)) {
                return lines.get(i);
            }
        }
        return null;
    }

    private SecurityConfigException wrong(int number, String problem) {
        return new SecurityConfigException(at(number), problem, MAKE);
    }

    private String at(int number) {
        return path + ":" + number;
    }

    /** Zeroes the keys. May be called twice. */
    @Override
    public void close() {
        keys.forEach(key -> Arrays.fill(key, (byte) 0));
    }

    /** The path only, never a key. */
    @Override
    public String toString() {
        return "StoreKeyFile[" + path + "]";
    }
}
