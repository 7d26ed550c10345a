package io.leafd.app.operate;

import io.leafd.app.admin.AdminException;
import io.leafd.app.config.AccountConfig;
import io.leafd.app.config.ForwardConfig;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.UpstreamConfig;
import io.leafd.app.config.UserConfig;
import io.leafd.broker.account.Account;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.link.LinkPermissions;
import io.leafd.link.LinkRule;
import io.leafd.link.UpstreamLink;
import io.leafd.link.budget.BudgetStatus;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code leafd why}: follows a subject through accounts, streams and upstreams, and names the rule at each step.
 * Immutable; any thread.
 */
record WhyAnswer(Running running) {
    Map<String, @Nullable Object> tree(@Nullable Object argument) {
        String subject = String.valueOf(argument);
        if (!Subjects.isValidLiteral(subject)) {
            throw new AdminException(
                    AdminException.Code.FAILED,
                    "\"" + subject
                            + "\" is no subject of a message: tokens with dots between them, no *, no >, no space");
        }
        List<Map<String, @Nullable Object>> steps = new ArrayList<>();
        LeafdConfig config = running.config().get();
        for (AccountConfig account : config.accounts()) {
            users(account, subject, steps);
            receivers(account, subject, steps);
            streams(account, subject, steps);
            imports(config, account, subject, steps);
            for (UpstreamConfig upstream : config.upstreams()) {
                if (upstream.account().equals(account.name())) {
                    upstream(upstream, subject, steps);
                }
            }
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("subject", subject);
        tree.put("steps", steps);
        return tree;
    }

    private static void step(List<Map<String, @Nullable Object>> steps, String where, boolean passes, String rule) {
        Map<String, @Nullable Object> step = new LinkedHashMap<>();
        step.put("where", where);
        step.put("passes", passes);
        step.put("rule", rule);
        steps.add(step);
    }

    private static void users(AccountConfig account, String subject, List<Map<String, @Nullable Object>> steps) {
        if (account.users().isEmpty()) {
            step(steps, "account " + account.name() + ": everybody", true, "nobody has to log in");
        }
        for (UserConfig user : account.users()) {
            String name = user.name() == null ? "a user without a name" : "user " + user.name();
            judge(steps, "account " + account.name() + ": " + name + " publishes", user.publish(), subject);
            judge(steps, "account " + account.name() + ": " + name + " subscribes", user.subscribe(), subject);
        }
    }

    private static void judge(
            List<Map<String, @Nullable Object>> steps, String where, UserConfig.Permissions rules, String subject) {
        String denied = matching(rules.deny(), subject);
        String allowed = matching(rules.allow(), subject);
        if (denied != null) {
            step(steps, where, false, "deny = \"" + denied + "\"");
        } else if (rules.allow().isEmpty()) {
            step(steps, where, true, "no allow list: all is allowed");
        } else {
            step(
                    steps,
                    where,
                    allowed != null,
                    allowed == null ? "no entry of allow matches" : "allow = \"" + allowed + "\"");
        }
    }

    /** The first entry that matches; of {@code subject queue} entries the subject counts. */
    private static @Nullable String matching(List<String> entries, String subject) {
        return entries.stream()
                .filter(entry -> Subjects.matches(entry.split(" ", 2)[0], subject))
                .findFirst()
                .orElse(null);
    }

    private void receivers(AccountConfig config, String subject, List<Map<String, @Nullable Object>> steps) {
        Account account = running.server().accounts().find(config.name());
        boolean anybody = account != null && account.hasInterest(Subject.of(subject));
        step(
                steps,
                "account " + config.name() + ": delivery",
                anybody,
                anybody ? "somebody subscribes to it now" : "nobody subscribes to it now");
    }

    /** Under which name it goes to other accounts: what they import as a stream, and what it imports as a service. */
    private void imports(
            LeafdConfig config, AccountConfig account, String subject, List<Map<String, @Nullable Object>> steps) {
        byte[] bytes = Subject.of(subject).bytes();
        for (AccountConfig importer : config.accounts()) {
            for (AccountConfig.Import imported : importer.imports()) {
                String from = imported.source(importer.name());
                Subject there = from.equals(account.name()) ? imported.names().map(bytes, 0, bytes.length) : null;
                if (there != null) {
                    String to = imported.target(importer.name());
                    Account target = running.server().accounts().find(to);
                    boolean wanted = target != null && target.hasInterest(there);
                    step(
                            steps,
                            "account " + from + ": crosses to account " + to + " as " + there,
                            wanted,
                            "import of " + importer.name() + (imported.service() ? ", service = \"" : ", stream = \"")
                                    + imported.subject() + (wanted ? "\"" : "\"; nobody there wants it now"));
                }
            }
        }
    }

    private void streams(AccountConfig account, String subject, List<Map<String, @Nullable Object>> steps) {
        for (JetStreamStats.OfAccount served : running.streams().accounts()) {
            for (JetStreamStats.OfStream stream : served.streams()) {
                String filter = served.name().equals(account.name())
                        ? matching(stream.config().subjects(), subject)
                        : null;
                if (filter != null) {
                    step(steps, "stream " + stream.name() + " keeps it", true, "subjects = \"" + filter + "\"");
                }
            }
        }
    }

    private void upstream(UpstreamConfig config, String subject, List<Map<String, @Nullable Object>> steps) {
        for (ForwardConfig forward : config.forwards()) {
            String filter = forward.source() instanceof ForwardConfig.Source.OfSubjects(List<String> subjects)
                    ? matching(subjects, subject)
                    : null;
            if (filter != null) {
                step(
                        steps,
                        "upstream " + config.name() + ": forward " + forward.name(),
                        true,
                        "subjects = \"" + filter + "\": stored here, then sent in order");
            }
        }
        UpstreamLink link = running.links().find(config.name());
        LinkPermissions permissions = link == null ? null : link.permissions();
        if (link == null || permissions == null) {
            step(steps, "upstream " + config.name(), false, "not connected: nothing crosses live");
            return;
        }
        BudgetStatus budget = link.status().budget();
        if (budget != null && budget.urgentUsedUp()) {
            step(
                    steps,
                    "upstream " + config.name() + ": budget",
                    false,
                    "used up: what would go up live is dropped until the next " + budget.period());
        }
        LinkRule out = permissions.out(subject);
        LinkRule in = permissions.in(subject);
        step(steps, "upstream " + config.name() + ": goes up live", out.allows(), out.text());
        step(steps, "upstream " + config.name() + ": comes down live", in.allows(), in.text());
    }
}
