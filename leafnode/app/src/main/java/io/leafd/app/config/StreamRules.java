package io.leafd.app.config;

import io.leafd.app.config.schema.Position;
import io.leafd.app.config.schema.Problems;
import io.leafd.app.config.schema.Quantities;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.TomlText;
import io.leafd.protocol.Subjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules between declared streams, mirrors and the accounts they belong to. */
final class StreamRules {
    private record Declared(String account, List<String> subjects, Section section) {}

    private final Section root;
    private final List<String> accounts;
    private final Problems problems;
    private final Map<String, Position> names = new HashMap<>();

    StreamRules(Section root, List<String> accounts, Problems problems) {
        this.root = root;
        this.accounts = accounts;
        this.problems = problems;
    }

    void check() {
        List<Declared> declared = new ArrayList<>();
        for (Section stream : root.all("streams")) {
            times(stream);
            String account = account(stream);
            if (account == null) {
                continue;
            }
            jetstream(account, stream);
            uniqueName(account, stream.find(DeclaredStream.NAME), stream.positionOf(DeclaredStream.NAME));
            List<String> subjects = stream.find(DeclaredStream.SUBJECTS);
            declared.add(new Declared(account, subjects == null ? List.of() : subjects, stream));
        }
        overlaps(declared);
        for (Section upstream : root.all("upstream")) {
            String account = Rules.accountOf(upstream.find(UpstreamConfig.ACCOUNT), accounts);
            for (Section mirror : upstream.all("mirror")) {
                String as = mirror.find(MirrorConfig.AS);
                uniqueName(
                        account == null ? "" : account,
                        as == null ? mirror.find(MirrorConfig.STREAM) : as,
                        mirror.position());
            }
        }
    }

    private @Nullable String account(Section stream) {
        String said = stream.find(DeclaredStream.ACCOUNT);
        String wrong = said == null ? null : Rules.unknownAccount(said, accounts);
        if (wrong != null) {
            problems.add(stream.positionOf(DeclaredStream.ACCOUNT), "account in " + stream.title() + ": " + wrong);
            return null;
        }
        if (said == null && accounts.size() > 1) {
            problems.add(
                    stream.position(),
                    "account is missing in " + stream.title() + ": there are several accounts; say which one");
        }
        return Rules.accountOf(said, accounts);
    }

    private void jetstream(String account, Section stream) {
        boolean off = root.all("accounts").stream()
                .anyMatch(section ->
                        section.name().equals(account) && Boolean.FALSE.equals(section.find(AccountConfig.JETSTREAM)));
        if (off) {
            problems.add(
                    stream.position(),
                    "account " + TomlText.quote(account) + " may not have streams; set jetstream = true in [accounts."
                            + account + "]");
        }
    }

    private void uniqueName(String account, @Nullable String name, Position position) {
        if (name == null) {
            return;
        }
        Position earlier = names.putIfAbsent(account + " " + name, position);
        if (earlier != null) {
            problems.add(
                    position, "there is another stream " + TomlText.quote(name) + " of the same account at " + earlier);
        }
    }

    private void overlaps(List<Declared> streams) {
        for (int i = 0; i < streams.size(); i++) {
            Declared later = streams.get(i);
            for (int j = 0; j < i; j++) {
                Declared earlier = streams.get(j);
                if (later.account.equals(earlier.account)) {
                    overlap(later, earlier);
                }
            }
        }
    }

    private void overlap(Declared later, Declared earlier) {
        for (String subject : later.subjects) {
            for (String other : earlier.subjects) {
                if (Subjects.overlaps(subject, other)) {
                    problems.add(
                            later.section.positionOf(DeclaredStream.SUBJECTS),
                            "the subjects " + TomlText.quote(subject) + " overlap with " + TomlText.quote(other)
                                    + " at "
                                    + earlier.section.positionOf(DeclaredStream.SUBJECTS)
                                    + "; a subject can be kept by one stream only");
                    return;
                }
            }
        }
    }

    private void times(Section stream) {
        Duration window = stream.find(DeclaredStream.DUPLICATE_WINDOW);
        Duration maxAge = stream.find(DeclaredStream.MAX_AGE);
        if (stream.isSet(DeclaredStream.DUPLICATE_WINDOW)
                && window != null
                && maxAge != null
                && window.compareTo(maxAge) > 0) {
            problems.add(
                    stream.positionOf(DeclaredStream.DUPLICATE_WINDOW),
                    "duplicate_window is longer than max_age (" + Quantities.showDuration(maxAge)
                            + "); ids cannot outlive their messages");
        }
    }
}
