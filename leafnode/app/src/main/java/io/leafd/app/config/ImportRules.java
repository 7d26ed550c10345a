package io.leafd.app.config;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Problems;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.TomlText;
import io.leafd.protocol.SubjectMapping;
import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules between what accounts export and what others import. */
final class ImportRules {
    private final Section root;
    private final List<String> accounts;
    private final Problems problems;
    private final List<Flow> flows = new ArrayList<>();

    /** Where an import brings messages from and where to: those of a stream come in, the requests to a service go out. */
    private record Flow(Section imported, String fromAccount, String from, String toAccount, String to) {
        boolean goesOnWith(Flow next) {
            return toAccount.equals(next.fromAccount) && Subjects.overlaps(to, next.from);
        }
    }

    ImportRules(Section root, List<String> accounts, Problems problems) {
        this.root = root;
        this.accounts = accounts;
        this.problems = problems;
    }

    void check() {
        for (Section account : root.all("accounts")) {
            account.all("exports").forEach(this::export);
            account.all("imports").forEach(imported -> imported(account.name(), imported));
        }
        noCircle();
    }

    private void export(Section export) {
        oneOf(export, AccountConfig.SERVICE, AccountConfig.STREAM);
        List<String> importers = export.find(AccountConfig.ACCOUNTS);
        if (importers != null) {
            importers.forEach(name -> known(export, AccountConfig.ACCOUNTS, name));
        }
    }

    private void imported(String importer, Section imported) {
        oneOf(imported, AccountConfig.IMPORT_SERVICE, AccountConfig.IMPORT_STREAM);
        String exporter = imported.find(AccountConfig.ACCOUNT);
        if (exporter == null || !known(imported, AccountConfig.ACCOUNT, exporter)) {
            return;
        }
        if (exporter.equals(importer)) {
            problems.add(
                    imported.positionOf(AccountConfig.ACCOUNT),
                    "an account cannot import from itself; name the account that exports");
            return;
        }
        boolean service = imported.isSet(AccountConfig.IMPORT_SERVICE);
        Key<String> key = service ? AccountConfig.IMPORT_SERVICE : AccountConfig.IMPORT_STREAM;
        String subject = imported.find(key);
        if (subject == null) {
            return;
        }
        exported(imported, key, subject, exporter, importer);
        String local = local(imported, subject);
        if (local != null) {
            flows.add(
                    service
                            ? new Flow(imported, importer, local, exporter, subject)
                            : new Flow(imported, exporter, subject, importer, local));
        }
    }

    /** The exporter offers it, and to this account. */
    private void exported(Section imported, Key<String> key, String subject, String exporter, String importer) {
        Key<String> kind = key.equals(AccountConfig.IMPORT_SERVICE) ? AccountConfig.SERVICE : AccountConfig.STREAM;
        for (Section account : root.all("accounts")) {
            if (account.name().equals(exporter)
                    && account.all("exports").stream().anyMatch(export -> offers(export, kind, subject, importer))) {
                return;
            }
        }
        problems.add(
                imported.positionOf(key),
                "account " + exporter + " does not export the " + key.name() + " " + TomlText.quote(subject) + " to "
                        + importer + "; add { " + key.name() + " = " + TomlText.quote(subject) + " } to its exports");
    }

    private static boolean offers(Section export, Key<String> kind, String subject, String importer) {
        String offered = export.find(kind);
        List<String> importers = export.find(AccountConfig.ACCOUNTS);
        return offered != null
                && Subjects.isSubset(subject, offered)
                && (importers == null || importers.isEmpty() || importers.contains(importer));
    }

    /** The subject at the importer's, or null if it can't be one. */
    private @Nullable String local(Section imported, String subject) {
        String to = imported.find(AccountConfig.TO);
        if (to == null) {
            return subject;
        }
        try {
            return SubjectMapping.of(subject, to).to();
        } catch (IllegalArgumentException e) {
            problems.add(
                    imported.positionOf(AccountConfig.TO),
                    "to in " + imported.title() + ": " + e.getMessage() + ", which is imported");
            return null;
        }
    }

    /** No message may come back to where it was, under a name under which it would leave again. */
    private void noCircle() {
        for (Flow first : flows) {
            if (comesBack(first)) {
                problems.add(
                        first.imported.position(),
                        first.imported.title() + " is part of a circle: a message under " + TomlText.quote(first.from)
                                + " of " + first.fromAccount + " would come back to that account and leave it again;"
                                + " import it under a subject that is not imported from there");
                return; // one circle is told by one of its imports
            }
        }
    }

    private boolean comesBack(Flow first) {
        Set<Flow> seen = new HashSet<>();
        List<Flow> next = new ArrayList<>(List.of(first));
        while (!next.isEmpty()) {
            Flow flow = next.removeLast();
            for (Flow following : flows) {
                if (flow.goesOnWith(following)) {
                    if (following == first) {
                        return true;
                    }
                    if (seen.add(following)) {
                        next.add(following);
                    }
                }
            }
        }
        return false;
    }

    /** Whether there is an account of this name; otherwise that is a problem. */
    private boolean known(Section section, Key<?> key, String name) {
        String wrong = Rules.unknownAccount(name, accounts);
        if (wrong != null) {
            problems.add(section.positionOf(key), key.name() + " in " + section.title() + ": " + wrong);
        }
        return wrong == null;
    }

    private void oneOf(Section section, Key<?> service, Key<?> stream) {
        if (section.isSet(service) == section.isSet(stream)) {
            problems.add(section.position(), section.title() + " needs either service or stream");
        }
    }
}
