package io.leafd.app.config;

import io.leafd.app.config.schema.Problems;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Spelling;
import io.leafd.app.config.schema.TomlText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold between keys. Every rule works on whatever values are there, so that bad values hide no other problem. */
final class Rules {
    private Rules() {}

    static void check(Section root, Problems problems) {
        List<String> accounts = accountNames(root);
        new ListenerRules(root, problems).check();
        new AccountRules(root, accounts, problems).check();
        new StreamRules(root, accounts, problems).check();
        new UpstreamRules(root, accounts, problems).check();
    }

    private static List<String> accountNames(Section root) {
        List<String> names = root.all("accounts").stream().map(Section::name).toList();
        return names.isEmpty() ? List.of(AccountConfig.GLOBAL) : names;
    }

    /** Why an account's name is wrong, or null. */
    static @Nullable String unknownAccount(String name, List<String> accounts) {
        return accounts.contains(name)
                ? null
                : "there is no account " + TomlText.quote(name) + "; add [accounts." + name + "]"
                        + Spelling.hint(name, accounts);
    }

    /** The account a section belongs to: what it says, or the only one. Null when that cannot be said. */
    static @Nullable String accountOf(@Nullable String said, List<String> accounts) {
        if (said != null) {
            return said;
        }
        return accounts.size() == 1 ? accounts.getFirst() : null;
    }
}
