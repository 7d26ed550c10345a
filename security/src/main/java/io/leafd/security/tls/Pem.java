package io.leafd.security.tls;

import io.leafd.security.SecurityConfigException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM file (RFC 7468, and the headers of RFC 1421 that old key files have). Text outside of blocks is
 * skipped, as {@code openssl} writes some. Works on bytes, so that a key in it can be zeroed.
 */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private Pem() {}

    /**
     * One block.
     *
     * @param label {@code CERTIFICATE} and so on
     * @param encrypted whether its headers say so ({@code Proc-Type: 4,ENCRYPTED})
     * @param der what the base64 lines decode to; empty if {@code encrypted}
     * @param line where it begins, from 1
     */
    record Block(String label, boolean encrypted, byte[] der, int line) {}

    /**
     * Splits the content into its blocks.
     *
     * @param content not kept and not zeroed
     * @param where the file, for the error
     */
    static List<Block> parse(byte[] content, String where) {
        List<Block> blocks = new ArrayList<>();
        Lines lines = new Lines(content);
        while (lines.next()) {
            if (lines.startsWith(BEGIN)) {
                blocks.add(block(lines, label(lines, where), where));
            }
        }
        return blocks;
    }

    private static String label(Lines lines, String where) {
        String rest = lines.text().substring(BEGIN.length());
        if (!rest.endsWith(DASHES)) {
            throw damaged(where, lines.number, "its BEGIN line does not end with -----");
        }
        return rest.substring(0, rest.length() - DASHES.length());
    }

    private static Block block(Lines lines, String label, String where) {
        int begin = lines.number;
        boolean encrypted = false;
        byte[] base64 = new byte[lines.rest()];
        int length = 0;
        try {
            while (true) {
                if (!lines.next()) {
                    throw damaged(where, begin, "the block \"" + label + "\" has no END line");
                }
                if (lines.startsWith(END)) {
                    break;
                }
                if (lines.contains(':')) {
                    encrypted |= lines.text().contains("ENCRYPTED");
                } else {
                    length = lines.copyTo(base64, length);
                }
            }
            byte[] exact = Arrays.copyOf(base64, length);
            try {
                return new Block(
                        label,
                        encrypted,
                        encrypted ? new byte[0] : Base64.getDecoder().decode(exact),
                        begin);
            } catch (IllegalArgumentException e) {
                throw damaged(where, begin, "the block \"" + label + "\" is no base64");
            } finally {
                Arrays.fill(exact, (byte) 0);
            }
        } finally {
            Arrays.fill(base64, (byte) 0);
        }
    }

    private static SecurityConfigException damaged(String where, int line, String problem) {
        return new SecurityConfigException(where + ":" + line, problem, "copy the PEM file again");
    }

    /** Walks over the lines of the content, without their ends and surrounding blanks. */
    private static final class Lines {
        private final byte[] content;
        private int number;
        private int from;
        private int to;
        private int nextAt;

        private Lines(byte[] content) {
            this.content = content;
        }

        private boolean next() {
            if (nextAt >= content.length) {
                return false;
            }
            number++;
            from = nextAt;
            to = from;
            while (to < content.length && content[to] != '\n') {
                to++;
            }
            nextAt = to + 1;
            while (from < to && content[from] <= ' ' && content[from] >= 0) {
                from++;
            }
            while (to > from && content[to - 1] <= ' ' && content[to - 1] >= 0) {
                to--;
            }
            return true;
        }

        private int rest() {
            return Math.max(0, content.length - nextAt);
        }

        private boolean startsWith(String ascii) {
            if (to - from < ascii.length()) {
                return false;
            }
            for (int i = 0; i < ascii.length(); i++) {
                if (content[from + i] != ascii.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private boolean contains(char c) {
            for (int i = from; i < to; i++) {
                if (content[i] == c) {
                    return true;
                }
            }
            return false;
        }

        private int copyTo(byte[] target, int at) {
            System.arraycopy(content, from, target, at, to - from);
            return at + to - from;
        }

        /** Only for lines that hold no secret. */
        private String text() {
            return new String(content, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }
}
