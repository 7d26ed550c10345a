package io.leafd.test.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An account.
 *
 * @param jetstream whether its users may store
 * @param exports subjects offered to other accounts
 * @param imports subjects taken from other accounts
 */
public record AccountSetup(
        String name, boolean jetstream, List<UserSetup> users, List<Export> exports, List<Import> imports) {

    /** What crosses between accounts. */
    public enum Kind {
        SERVICE,
        STREAM;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Subjects that others may import; an empty list of accounts means all. */
    public record Export(Kind kind, String subject, List<String> accounts) {}

    /** Subjects from another account, under the local name {@code to}. */
    public record Import(Kind kind, String account, String subject, String to) {}

    /** An account without users. */
    public static AccountSetup account(String name) {
        return new AccountSetup(name, false, List.of(), List.of(), List.of());
    }

    /** The same account with JetStream. */
    public AccountSetup withJetStream() {
        return new AccountSetup(name, true, users, exports, imports);
    }

    /** The same account with one more user. */
    public AccountSetup with(UserSetup user) {
        return new AccountSetup(name, jetstream, plus(users, user), exports, imports);
    }

    /** The same account with one more export. */
    public AccountSetup exporting(Kind kind, String subject, String... accounts) {
        Export export = new Export(kind, subject, List.of(accounts));
        return new AccountSetup(name, jetstream, users, plus(exports, export), imports);
    }

    /** The same account with one more import. */
    public AccountSetup importing(Kind kind, String account, String subject, String to) {
        Import added = new Import(kind, account, subject, to);
        return new AccountSetup(name, jetstream, users, exports, plus(imports, added));
    }

    private static <T> List<T> plus(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return List.copyOf(longer);
    }
}
