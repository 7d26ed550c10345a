package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;
import static io.leafd.app.config.schema.Key.required;
import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import io.leafd.protocol.SubjectMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code [accounts.NAME]}: a space of subjects of its own. Immutable.
 *
 * @param jetstream whether its users may have streams
 */
public record AccountConfig(
        String name, boolean jetstream, List<Export> exports, List<Import> imports, List<UserConfig> users) {

    /** The account that exists when none is configured; nobody has to log in to it. */
    public static final String GLOBAL = "$G";

    /**
     * What other accounts may import.
     *
     * @param service  whether requests come in (otherwise messages go out)
     * @param accounts which may import it; empty for all
     */
    public record Export(boolean service, String subject, List<String> accounts) {}

    /**
     * What this account takes from another.
     *
     * @param service whether requests go out (otherwise messages come in)
     * @param account that exports it
     * @param to      the subject under which it appears here; null for the same
     */
    public record Import(
            boolean service,
            String subject,
            String account,
            @Nullable String to) {
        /** The account where messages come from: those of a stream come in, requests to a service go out. */
        public String source(String importer) {
            return service ? importer : account;
        }

        /** The account where they go. */
        public String target(String importer) {
            return service ? account : importer;
        }

        /** From the subject in the one to that in the other. */
        public SubjectMapping names() {
            String here = to == null ? subject : to;
            return service ? SubjectMapping.of(here, subject) : SubjectMapping.of(subject, here);
        }
    }

    static final Key<Boolean> JETSTREAM =
            withDefault("jetstream", Kinds.fact(), true).doc("Whether this account may have streams and consumers.");

    static final Key<String> SERVICE = optional("service", NatsKinds.filter(), "it is a stream", "\"status.>\"")
            .reload()
            .doc("Subject whose requests this account answers. Either this or `stream`.");
    static final Key<String> STREAM = optional("stream", NatsKinds.filter(), "it is a service", "\"alarms.>\"")
            .reload()
            .doc("Subject whose messages others may receive. Either this or `service`.");
    static final Key<List<String>> ACCOUNTS = withDefault(
                    "accounts", Kinds.listOf("array of account names", NatsKinds.account(), 0, 1024), List.of())
            .reload()
            .doc("The only accounts that may import it; empty for all.");
    static final Table EXPORT = Table.of("What other accounts may import from this one.", SERVICE, STREAM, ACCOUNTS);

    static final Key<String> IMPORT_SERVICE = optional("service", NatsKinds.filter(), "it is a stream", "\"status.>\"")
            .reload()
            .doc(
                    "Subject, as exported, that is answered there, once for each request and within two minutes. Either this or"
                            + " `stream`.");
    static final Key<String> IMPORT_STREAM = optional("stream", NatsKinds.filter(), "it is a service", "\"alarms.>\"")
            .reload()
            .doc("Subject, as exported, that is received here. Either this or `service`.");
    static final Key<String> ACCOUNT =
            required("account", NatsKinds.account(), "\"PLANT\"").reload().doc("Account that exports it.");
    static final Key<String> TO = optional("to", NatsKinds.filter(), "the same subject", "\"plant.status.>\"")
            .reload()
            .doc("Subject under which it appears in this account, with the same wildcards in the same order.");
    static final Table IMPORT = Table.of(
            "What this account takes from another, which exports it. Only what somebody here wants crosses.",
            IMPORT_SERVICE,
            IMPORT_STREAM,
            ACCOUNT,
            TO);

    static final Table TABLE = Table.of(
                    "A space of subjects of its own, with its users. Without any account there is one, `$G`, to which"
                            + " nobody has to log in.",
                    JETSTREAM)
            .with("exports", Table.Shape.LIST, EXPORT)
            .with("imports", Table.Shape.LIST, IMPORT)
            .with("users", Table.Shape.LIST, UserConfig.TABLE);

    static AccountConfig of(Section account) {
        return new AccountConfig(
                account.name(),
                account.get(JETSTREAM),
                account.all("exports").stream().map(AccountConfig::export).toList(),
                account.all("imports").stream().map(AccountConfig::imported).toList(),
                account.all("users").stream().map(UserConfig::of).toList());
    }

    static AccountConfig global() {
        return new AccountConfig(GLOBAL, true, List.of(), List.of(), List.of());
    }

    private static Export export(Section export) {
        String service = export.find(SERVICE);
        return new Export(service != null, service == null ? export.get(STREAM) : service, export.get(ACCOUNTS));
    }

    private static Import imported(Section imported) {
        String service = imported.find(IMPORT_SERVICE);
        return new Import(
                service != null,
                service == null ? imported.get(IMPORT_STREAM) : service,
                imported.get(ACCOUNT),
                imported.find(TO));
    }
}
