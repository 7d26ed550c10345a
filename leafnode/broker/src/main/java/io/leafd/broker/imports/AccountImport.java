package io.leafd.broker.imports;

import io.leafd.broker.account.Account;
import io.leafd.protocol.SubjectMapping;

/**
 * What an account takes from another one. Immutable.
 *
 * @param service whether requests go out; otherwise messages come in
 * @param exporter whose subject it is
 * @param importer who takes it
 * @param names from the exporter's subject to the one under which it appears at the importer's
 */
public record AccountImport(boolean service, Account exporter, Account importer, SubjectMapping names) {
    /** Where messages come from. */
    Account from() {
        return service ? importer : exporter;
    }

    /** Where they go. */
    Account to() {
        return service ? exporter : importer;
    }

    @Override
    public String toString() {
        return (service ? "service " : "stream ") + names.from() + " of " + exporter.name() + " as " + names.to()
                + " of " + importer.name();
    }
}
