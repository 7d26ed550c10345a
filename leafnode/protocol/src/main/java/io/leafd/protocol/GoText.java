package io.leafd.protocol;

/** Text the way Go prints it with {@code %q}: NATS error texts quote subjects like this. Pure. */
public final class GoText {
    private GoText() {}

    /** {@code text} in double quotes, with {@code "}, {@code \} and what can't be printed escaped. */
    public static String quote(Object text) {
        var out = new StringBuilder("\"");
        text.toString().codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append(String.format("\\x%02x", c));
                    } else if (Character.isISOControl(c) || !Character.isDefined(c)) {
                        out.append(String.format("\\u%04x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }
}
