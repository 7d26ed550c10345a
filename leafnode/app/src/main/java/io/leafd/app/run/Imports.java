package io.leafd.app.run;

import io.leafd.app.config.AccountConfig;
import io.leafd.app.config.LeafdConfig;
import io.leafd.broker.account.Accounts;
import io.leafd.broker.imports.AccountImport;
import java.util.List;

/** What the accounts of a configuration import from each other. Pure functions. */
final class Imports {
    private Imports() {}

    /** The imports of a configuration that was read without problems. */
    static List<AccountImport> of(LeafdConfig config, Accounts accounts) {
        return config.accounts().stream()
                .flatMap(importer -> importer.imports().stream().map(imported -> one(importer, imported, accounts)))
                .toList();
    }

    private static AccountImport one(AccountConfig importer, AccountConfig.Import imported, Accounts accounts) {
        return new AccountImport(
                imported.service(),
                accounts.get(imported.source(importer.name())),
                accounts.get(imported.target(importer.name())),
                imported.names());
    }
}
