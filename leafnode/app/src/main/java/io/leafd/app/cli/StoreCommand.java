package io.leafd.app.cli;

import io.leafd.app.admin.AdminClient;
import io.leafd.app.admin.AdminException;
import io.leafd.app.admin.AdminSocket;
import io.leafd.app.config.ConfigFile;
import io.leafd.app.run.EncryptionKeys;
import io.leafd.store.StoreBackup;
import io.leafd.store.StoreCheck;
import io.leafd.store.StoreEncryption;
import io.leafd.store.StoreRepair;
import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code leafd store}. */
@Command(
        name = "store",
        description = "Looks after the stored data.",
        subcommands = {
            StoreCommand.Check.class,
            StoreCommand.Repair.class,
            StoreCommand.Encrypt.class,
            StoreCommand.Backup.class,
            StoreCommand.Restore.class
        })
final class StoreCommand extends Verb {
    @Override
    public Integer call() {
        throw new ParameterException(
                spec().commandLine(), "store what? One of: check, repair, encrypt, backup, restore");
    }

    /** Which store is meant. */
    static final class Which {
        @Option(names = "--data-dir", paramLabel = "DIR", description = "The directory that holds the data.")
        private @Nullable Path dataDir;

        @Option(
                names = {"-c", "--config"},
                paramLabel = "FILE",
                description = "Configuration that names it. Default: ./leafd-data.")
        private @Nullable Path config;

        Path directory(Terminal terminal) {
            return dataDir == null ? ConfigFile.dataDir(config, terminal.environment()) : dataDir;
        }
    }

    /** What it is encrypted with. */
    static final class Key {
        @Option(
                names = "--key-file",
                paramLabel = "FILE",
                description = "The keys of an encrypted store. Default: encryption_key_file of the configuration.")
        private @Nullable Path file;

        StoreKeys read(Which which, Terminal terminal) {
            return EncryptionKeys.read(
                    file == null ? ConfigFile.encryptionKeyFile(which.config, terminal.environment()) : file);
        }
    }

    /** {@code leafd store check}. */
    @Command(
            name = "check",
            description =
                    "Reads all stored data, of a stopped leafd or of a running one, and says exactly what is lost or"
                            + " damaged. Changes nothing.",
            footer = {"", "Exit codes: 0 all is whole, 1 something is damaged, 2 there is no store to be checked."})
    static final class Check extends Verb {
        private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

        @Mixin
        private final Which which = new Which();

        @Mixin
        private final Key key = new Key();

        @Option(names = "--json", description = "Print one JSON document.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            StoreCheck.Report report;
            try {
                Path directory = which.directory(terminal());
                StoreKeys keys = key.read(which, terminal());
                report = StoreCheck.inUse(directory) ? ofRunning(directory, keys) : StoreCheck.of(directory, keys);
            } catch (StoreException e) {
                return refused(terminal(), e);
            }
            if (json) {
                Running.printJson(terminal(), tree(report));
            } else {
                print(report);
            }
            return report.whole() ? Cli.OK : Cli.FAILED;
        }

        /** A running leafd lays out what it stores at this moment, of links: that is checked while it goes on. */
        private static StoreCheck.Report ofRunning(Path directory, StoreKeys keys) throws IOException {
            var running = new AdminClient(AdminSocket.ofRunning(directory), ANSWER_MAX);
            return withSnapshot(verb -> running.ask(verb, Map.of()), snapshot -> StoreCheck.of(snapshot, keys));
        }

        private void print(StoreCheck.Report report) {
            var table = new TextTable("ACCOUNT", "STREAM", ">MESSAGES", ">FIRST", ">LAST", ">LOST", "STATE");
            for (StoreCheck.StreamCheck stream : report.streams()) {
                table.row(
                        stream.account(),
                        stream.name(),
                        Long.toString(stream.numbers().messages()),
                        Long.toString(stream.numbers().firstSeq()),
                        Long.toString(stream.numbers().lastSeq()),
                        Long.toString(stream.lostCount()),
                        stream.whole() ? "whole" : "damaged");
            }
            if (!report.streams().isEmpty()) {
                table.print(terminal());
                say("");
            }
            report.streams().forEach(this::printLosses);
            report.files().forEach((name, problem) -> say("file " + name + " " + problem));
            report.records().forEach(this::say);
            if (!report.history().isEmpty()) {
                say("found and put right earlier (" + report.directory().resolve("lost/report") + "):");
                report.history().forEach(line -> say("  " + line));
            }
            say(
                    report.whole()
                            ? "all is whole: " + report.directory()
                            : "damaged: " + report.directory()
                                    + ". Start leafd: it serves all that is sound, keeps damaged"
                                    + " files in lost, and derives anew what can be derived.");
        }

        private void printLosses(StoreCheck.StreamCheck stream) {
            String name = "stream " + stream.name() + " of account " + stream.account() + ": ";
            for (DamagedRange range : stream.lost()) {
                say(name + "sequences " + range.firstSeq() + " to " + range.lastSeq() + " are lost: " + range.reason());
            }
            if (!stream.subjects().isEmpty()) {
                say(name + "subjects of those: " + String.join(", ", stream.subjects()));
            }
            stream.problems().forEach(problem -> say(name + problem));
        }

        private void say(String line) {
            terminal().out().println(line);
        }

        private static Map<String, @Nullable Object> tree(StoreCheck.Report report) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("whole", report.whole());
            tree.put("directory", report.directory().toString());
            tree.put("streams", report.streams().stream().map(Check::tree).collect(Collectors.<Object>toList()));
            tree.put("files", report.files());
            tree.put("records", report.records());
            tree.put("lost_files", report.lostFiles());
            tree.put("history", report.history());
            return tree;
        }

        private static Map<String, Object> tree(StoreCheck.StreamCheck stream) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("account", stream.account());
            tree.put("name", stream.name());
            tree.put("whole", stream.whole());
            tree.put("messages", stream.numbers().messages());
            tree.put("first_seq", stream.numbers().firstSeq());
            tree.put("last_seq", stream.numbers().lastSeq());
            tree.put("lost", stream.lostCount());
            tree.put("lost_ranges", stream.lost().stream().map(Check::tree).toList());
            tree.put("lost_subjects", List.copyOf(stream.subjects()));
            tree.put("problems", stream.problems());
            return tree;
        }

        private static Map<String, Object> tree(DamagedRange range) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("first_seq", range.firstSeq());
            tree.put("last_seq", range.lastSeq());
            tree.put("reason", range.reason());
            return tree;
        }
    }

    /** {@code leafd store repair}. */
    @Command(
            name = "repair",
            description =
                    "Puts right what can be put right, as leafd does by itself when it starts, and says what was found."
                            + " Damaged files are kept in the directory lost.")
    static final class Repair extends Verb {
        @Mixin
        private final Which which = new Which();

        @Mixin
        private final Key key = new Key();

        @Override
        public Integer call() throws IOException {
            Path directory = which.directory(terminal());
            try {
                List<String> findings = StoreRepair.run(directory, key.read(which, terminal()));
                findings.forEach(terminal().out()::println);
                terminal()
                        .out()
                        .println(findings.isEmpty() ? "nothing was wrong: " + directory : "put right: " + directory);
                return Cli.OK;
            } catch (StoreException e) {
                return refused(terminal(), e);
            }
        }
    }

    /** {@code leafd store encrypt}. */
    @Command(
            name = "encrypt",
            description =
                    "Encrypts what a stopped leafd stored in the clear, or under older keys, with the first key of its"
                            + " key file. Older keys are not needed afterwards.")
    static final class Encrypt extends Verb {
        @Mixin
        private final Which which = new Which();

        @Mixin
        private final Key key = new Key();

        @Override
        public Integer call() throws IOException {
            Path directory = which.directory(terminal());
            try {
                StoreEncryption.Encrypted done = StoreEncryption.run(directory, key.read(which, terminal()));
                terminal().out().println(done.records() + " records were encrypted: " + directory);
                if (done.unreadable() > 0) {
                    terminal()
                            .out()
                            .println(done.unreadable() + " damaged records were left as they are; keep the older keys"
                                    + " until they are gone. See: leafd store check");
                }
                if (done.lostFiles() > 0) {
                    terminal()
                            .out()
                            .println(done.lostFiles() + " files in " + directory.resolve("lost") + " were left as they"
                                    + " are; delete them if nobody needs them");
                }
                return done.unreadable() == 0 ? Cli.OK : Cli.FAILED;
            } catch (StoreException e) {
                return refused(terminal(), e);
            }
        }
    }

    /** {@code leafd store backup}. */
    @Command(
            name = "backup",
            description = "Copies all stored data as it is at one moment, of a running leafd or of a stopped one.")
    static final class Backup extends Verb {
        @Mixin
        private final Running running = new Running();

        @Parameters(paramLabel = "DIR", description = "Where to: a directory that does not exist yet.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Path target;

        @Override
        public Integer call() throws IOException {
            StoreBackup.Copied copied;
            try {
                copied = copy();
            } catch (StoreException e) {
                return refused(terminal(), e);
            }
            if (running.json()) {
                Running.printJson(
                        terminal(),
                        Map.of("directory", target.toString(), "files", copied.files(), "bytes", copied.bytes()));
                return Cli.OK;
            }
            return copied(terminal(), copied, target);
        }

        private StoreBackup.Copied copy() throws IOException {
            try {
                return ofRunning();
            } catch (AdminException e) {
                if (e.code() != AdminException.Code.NOT_REACHABLE) {
                    throw e;
                }
                return StoreBackup.ofStopped(running.dataDir(terminal()), target); // none is running
            }
        }

        private StoreBackup.Copied ofRunning() throws IOException {
            return withSnapshot(
                    verb -> running.ask(terminal(), verb, Map.of()),
                    snapshot -> StoreBackup.ofSnapshot(snapshot, target));
        }
    }

    /** {@code leafd store restore}. */
    @Command(name = "restore", description = "Makes the data directory of a stopped leafd from a backup.")
    static final class Restore extends Verb {
        @Mixin
        private final Which which = new Which();

        @Parameters(paramLabel = "BACKUP", description = "A directory that leafd store backup made.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Path backup;

        @Override
        public Integer call() throws IOException {
            Path directory = which.directory(terminal());
            try {
                return copied(terminal(), StoreBackup.restore(backup, directory), directory);
            } catch (StoreException e) {
                return refused(terminal(), e);
            }
        }
    }

    /** Asks the running leafd a verb without arguments. */
    private interface Asking {
        @Nullable
        Object ask(String verb);
    }

    /** What is done with a snapshot while a running leafd keeps it. */
    private interface OnSnapshot<T> {
        T use(Path snapshot) throws IOException;
    }

    private static <T> T withSnapshot(Asking leafd, OnSnapshot<T> action) throws IOException {
        String snapshot = Answer.of(leafd.ask("store-snapshot")).text("directory");
        try {
            return action.use(Path.of(snapshot));
        } finally {
            leafd.ask("store-snapshot-drop");
        }
    }

    private static int copied(Terminal terminal, StoreBackup.Copied copied, Path target) {
        terminal.out().println(copied.files() + " files, " + Answer.bytes(copied.bytes()) + ", are in " + target);
        return Cli.OK;
    }

    private static int refused(Terminal terminal, StoreException e) {
        terminal.err().println("leafd: " + e.getMessage());
        return Cli.USAGE;
    }
}
