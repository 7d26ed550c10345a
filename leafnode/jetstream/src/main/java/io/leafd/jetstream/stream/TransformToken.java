package io.leafd.jetstream.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One token of a transform's destination. Immutable.
 *
 * @param kind what it does
 * @param wildcardsUsed numbers of the source's wildcards it takes, from 1
 * @param number size, position or count, as the kind needs
 * @param text the token itself for a text, the delimiter for a split
 */
record TransformToken(Kind kind, List<Integer> wildcardsUsed, int number, String text) {
    private static final Pattern FUNCTION = Pattern.compile("\\{\\{\\s*([a-zA-Z]+)\\s*\\((.*)\\)\\s*}}");

    enum Kind {
        TEXT,
        WILDCARD,
        PARTITION,
        RANDOM,
        SPLIT,
        SPLITFROMLEFT,
        SPLITFROMRIGHT,
        SLICEFROMLEFT,
        SLICEFROMRIGHT,
        LEFT,
        RIGHT
    }

    /** Whether a token has the form of a function call, known or not. */
    static boolean isFunction(String token) {
        return token.length() > 4 && token.startsWith("{{") && token.endsWith("}}");
    }

    /**
     * The token of this text.
     *
     * @throws IllegalArgumentException with nats-server's text if it is a wrong function call
     */
    static TransformToken parse(String token) {
        if (token.matches("\\$[0-9]{1,9}")) {
            return new TransformToken(Kind.WILDCARD, List.of(Integer.parseInt(token.substring(1))), 0, "");
        }
        if (!isFunction(token)) {
            return new TransformToken(Kind.TEXT, List.of(), 0, token);
        }
        Matcher call = FUNCTION.matcher(token);
        if (!call.matches()) {
            throw invalid("unknown function", token);
        }
        return call(kind(call.group(1), token), call.group(2).split(",", -1), token);
    }

    /** Writes what it makes of a subject's tokens. */
    void append(StringBuilder out, String[] tokens, List<Integer> wildcards, RandomGenerator random) {
        String value = wildcardsUsed.isEmpty() ? "" : tokens[wildcards.get(wildcardsUsed.getFirst() - 1)];
        int length = value.length();
        int size = Math.min(number, length);
        switch (kind) {
            case TEXT -> out.append(text);
            case WILDCARD -> out.append(value);
            case PARTITION -> out.append(partition(tokens, wildcards));
            case RANDOM -> out.append(number == 0 ? 0 : random.nextInt(number));
            case SPLIT -> appendSplit(out, value);
            case SPLITFROMLEFT -> cut(out, value, size);
            case SPLITFROMRIGHT -> cut(out, value, length - size);
            case SLICEFROMLEFT -> slice(out, value, number);
            case SLICEFROMRIGHT -> slice(out, value, number == 0 ? 0 : length % number);
            case LEFT -> out.append(value, 0, size);
            case RIGHT -> out.append(value, length - size, length);
        }
    }

    private int partition(String[] tokens, List<Integer> wildcards) {
        int hash = 0x811c9dc5; // FNV-1a
        String key = String.join(".", tokens);
        if (!wildcardsUsed.isEmpty()) {
            var chosen = new StringBuilder();
            for (int index : wildcardsUsed) {
                chosen.append(tokens[wildcards.get(index - 1)]);
            }
            key = chosen.toString();
        }
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        return number == 0 ? 0 : Integer.remainderUnsigned(hash, number);
    }

    private void appendSplit(StringBuilder out, String value) {
        boolean first = true;
        for (String part : value.split(Pattern.quote(text), -1)) {
            if (!part.isEmpty()) {
                (first ? out : out.append('.')).append(part);
                first = false;
            }
        }
    }

    private static void cut(StringBuilder out, String value, int at) {
        if (at <= 0 || at >= value.length()) {
            out.append(value);
        } else {
            out.append(value, 0, at).append('.').append(value, at, value.length());
        }
    }

    /** Pieces of {@link #number} characters; the first one has {@code first} if that is above 0. */
    private void slice(StringBuilder out, String value, int first) {
        int at = 0;
        int next = first > 0 ? first : number;
        while (number > 0 && at + next < value.length()) {
            out.append(value, at, at + next).append('.');
            at += next;
            next = number;
        }
        out.append(value, at, value.length());
    }

    private static Kind kind(String name, String token) {
        for (Kind kind : Kind.values()) {
            if (kind != Kind.TEXT && kind.name().equals(name.toUpperCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw invalid("unknown function", token);
    }

    private static TransformToken call(Kind kind, String[] arguments, String token) {
        if (arguments.length == 1 && arguments[0].isBlank()) {
            throw invalid("not enough arguments passed to the function", token);
        }
        int wanted = kind == Kind.WILDCARD || kind == Kind.RANDOM ? 1 : 2;
        if (kind == Kind.PARTITION) {
            var indexes = new ArrayList<Integer>();
            for (int i = 1; i < arguments.length; i++) {
                indexes.add(number(arguments[i], token));
            }
            return new TransformToken(kind, List.copyOf(indexes), number(arguments[0], token), "");
        }
        if (arguments.length != wanted) {
            String amount = arguments.length < wanted ? "not enough" : "too many";
            throw invalid(amount + " arguments passed to the function", token);
        }
        if (kind == Kind.RANDOM) {
            return new TransformToken(kind, List.of(), number(arguments[0], token), "");
        }
        List<Integer> index = List.of(number(arguments[0], token));
        if (kind == Kind.WILDCARD) {
            return new TransformToken(kind, index, 0, "");
        }
        if (kind == Kind.SPLIT) {
            String delimiter = arguments[1].strip();
            if (delimiter.isEmpty() || delimiter.contains(".") || delimiter.contains(" ")) {
                throw invalid("function argument is invalid or in the wrong format", token);
            }
            return new TransformToken(kind, index, 0, delimiter);
        }
        return new TransformToken(kind, index, number(arguments[1], token), "");
    }

    private static int number(String argument, String token) {
        String digits = argument.strip();
        if (!digits.matches("[0-9]{1,9}")) {
            throw invalid("function argument is invalid or in the wrong format", token);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException invalid(String what, String token) {
        return new IllegalArgumentException("invalid mapping destination: " + what + " in " + token);
    }
}
