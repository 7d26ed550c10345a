package io.leafd.broker.imports;

import io.leafd.broker.account.Account;
import io.leafd.protocol.SubjectMapping;

/**
 * What crosses between two accounts, as one of them imports it: messages of a stream come from the exporter, requests to a service
 * from the importer. Immutable.
 *
 * @param service whether answers go back
 * @param from where messages come from
 * @param to where they go
 * @param names from the subject where they come from to the one where they go
 */
public record AccountImport(boolean service, Account from, Account to, SubjectMapping names) {}
