package io.leafd.app.config;

import io.leafd.app.config.schema.BadValueException;
import io.leafd.app.config.schema.Kind;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Quantities;
import io.leafd.app.config.schema.TomlText;
import io.leafd.protocol.Subjects;
import io.leafd.security.SecurityConfigException;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.nkey.NkeyType;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of values that speak of NATS: subjects, names, keys, addresses. */
final class NatsKinds {
    /** Names that stand in subjects, file names and metrics; one subject token. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    /** What JetStream takes as the name of a stream. */
    private static final Pattern STREAM = Pattern.compile("[^\\s.*>/\\\\\\p{Cntrl}]{1,255}");

    private static final Pattern USER = Pattern.compile("[^\\s\\p{Cntrl}]{1,255}");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[abxy]\\$\\d{2}\\$[./A-Za-z0-9]{53}");
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9_$-]{1,64}");
    private static final int FILTERS_MAX = 1024;
    private static final int FILTER_CHARS_MAX = 255;

    private NatsKinds() {}

    static Kind<String> token() {
        return Kinds.text("name of letters, digits, - and _ (at most 64)", TOKEN);
    }

    static Kind<String> account() {
        return Kinds.text("name of an account", ACCOUNT);
    }

    static Kind<String> stream() {
        return Kinds.text("name of a stream (no space, dot, *, > or slash)", STREAM);
    }

    static Kind<String> user() {
        return Kinds.text("name of a user (no space)", USER);
    }

    static Kind<String> host() {
        return Kinds.text("host name", Pattern.compile("[A-Za-z0-9._:-]{1,253}"));
    }

    static boolean isToken(String name) {
        return TOKEN.matcher(name).matches();
    }

    static Kind<String> line() {
        return Kinds.text("text of one line", Pattern.compile("[^\\p{Cntrl}]{0,4096}"));
    }

    static Kind<ListenAddress> listen() {
        return Kinds.ofText("address:port", (text, position) -> ListenAddress.parse(text), ListenAddress::toString);
    }

    static Kind<String> filter() {
        return Kinds.ofText(
                "subject, `*` and `>` allowed",
                (text, position) -> {
                    checkFilter(text);
                    return text;
                },
                text -> text);
    }

    static Kind<List<String>> filters(int min) {
        return Kinds.listOf("array of subjects, `*` and `>` allowed", filter(), min, FILTERS_MAX);
    }

    /** Entries of permissions: a subject, and after a space the queue group to which it is limited. */
    static Kind<List<String>> permissions() {
        Kind<String> entry = Kinds.ofText(
                "subject",
                (text, position) -> {
                    int space = text.indexOf(' ');
                    checkFilter(space < 0 ? text : text.substring(0, space));
                    if (space >= 0) {
                        checkFilter(text.substring(space + 1));
                    }
                    return text;
                },
                text -> text);
        return Kinds.listOf("array of subjects, or of `subject queue`", entry, 0, FILTERS_MAX);
    }

    static Kind<String> publicNkey() {
        return Kinds.ofText(
                "public user NKEY, `U...`",
                (text, position) -> {
                    try {
                        return Nkey.parse(NkeyType.USER, text).text();
                    } catch (SecurityConfigException e) {
                        throw new BadValueException(e.getMessage() + " (\"leafd nkey inspect SEED_FILE\" prints it)");
                    }
                },
                text -> text);
    }

    static Kind<String> bcryptHash() {
        Kind<String> kind = Kinds.ofText(
                "bcrypt hash, as `leafd passwd` prints it",
                (text, position) -> {
                    if (!BCRYPT.matcher(text).matches()) {
                        throw new BadValueException("this is no bcrypt hash; make one with: leafd passwd");
                    }
                    return text;
                },
                text -> text);
        return new Kind<>(kind.description(), kind.reader(), hash -> TomlText.quote("<hidden>"));
    }

    /** {@code "always"} is {@link Duration#ZERO}; otherwise at most so much time is at risk. */
    static Kind<Duration> sync() {
        Kind<Duration> interval = Kinds.duration("1ms", "10m");
        return new Kind<>(
                "`always`, or a " + interval.description(),
                (toml, position) -> toml.equals("always")
                        ? Duration.ZERO
                        : interval.reader().read(toml, position),
                value -> TomlText.quote(value.isZero() ? "always" : Quantities.showDuration(value)));
    }

    private static void checkFilter(String filter) throws BadValueException {
        String wrong = wrong(filter);
        if (wrong != null) {
            throw new BadValueException(TomlText.quote(filter) + " is no subject: " + wrong);
        }
    }

    private static @Nullable String wrong(String filter) {
        if (filter.length() > FILTER_CHARS_MAX) {
            return "it is longer than " + FILTER_CHARS_MAX + " characters";
        }
        if (filter.isEmpty()) {
            return "it is empty";
        }
        if (filter.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            return "it has a space or a control character";
        }
        if (Subjects.isValidFilter(filter)) {
            return null;
        }
        return filter.startsWith(".") || filter.endsWith(".") || filter.contains("..")
                ? "it has an empty token (a dot at an end, or two dots in a row)"
                : "> may only be the last token";
    }
}
