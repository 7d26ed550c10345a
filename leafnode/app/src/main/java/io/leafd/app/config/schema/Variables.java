package io.leafd.app.config.schema;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts variables of the environment into strings of the configuration. Immutable.
 *
 * <p><code>${NAME}</code> is the variable, <code>${NAME:-text}</code> the text when it is unset or empty, {@code $$} one dollar
 * sign. Any other dollar sign is itself, so that {@code $JS.API.>} and {@code $2a$11$…} need no care.
 */
record Variables(Map<String, String> environment) {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<otherwise>[^}]*))?}|\\$\\{");

    String substitute(String text) throws BadValueException {
        if (text.indexOf('$') < 0) {
            return text;
        }
        Matcher matcher = REFERENCE.matcher(text);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(out, Matcher.quoteReplacement(replacement(matcher)));
        }
        return matcher.appendTail(out).toString();
    }

    private String replacement(Matcher matcher) throws BadValueException {
        if (matcher.group().equals("$$")) {
            return "$";
        }
        String name = matcher.group("name");
        if (name == null) {
            throw new BadValueException(
                    "\"${\" begins no variable: write ${NAME} or ${NAME:-default}, or \"$${\" for the characters themselves");
        }
        String value = environment.get(name);
        String otherwise = matcher.group("otherwise");
        if (otherwise != null && (value == null || value.isEmpty())) {
            return otherwise;
        }
        if (value == null) {
            throw new BadValueException("the environment has no variable " + name + "; set it, or write ${" + name
                    + ":-default}, or \"$${" + name + "}\" for the characters themselves");
        }
        return value;
    }
}
