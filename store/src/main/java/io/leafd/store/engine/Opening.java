package io.leafd.store.engine;

import io.leafd.store.files.LostFiles;
import io.leafd.store.files.ManifestFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database whatever state its files are in. Used once, by the store loop.
 *
 * <p>What a crash has left behind the end of the log is cut off. Then it tries to open; if RocksDB refuses, it puts one thing right and
 * tries again, least first:
 *
 * <ol>
 *   <li>{@code CURRENT} is lost: the newest MANIFEST is made the current one.
 *   <li>Tables are missing, cut off or unreadable: they are struck off the list and moved to {@code lost}. The sound records in them
 *       are put back later, see the store's salvage.
 *   <li>The log is damaged in its middle: it is read without the damaged records.
 *   <li>The list of tables is unreadable, or shorter than it was: it is made anew from the tables ({@link Relisting}).
 * </ol>
 *
 * <p>Afterwards every block of the small families is read, since an unreadable one of those would stop more than one message.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>No file that holds data is deleted or changed, before a copy of it is in {@code lost}; what was never synced is none, see
 *       {@link LogEnd}. RocksDB itself deletes tables that
 *       are not listed: so a table leaves the directory before it leaves the list, and a list that has become shorter is never
 *       opened.
 *   <li>What the medium or the system refuses (no space, no permission, errors of the device) is no damage: nothing is moved.
 * </ol>
 */
final class Opening {
    private static final Logger log = LoggerFactory.getLogger(Opening.class);
    /** Families read as a whole at each opening: small ones, whose loss would be felt by whole streams. */
    private static final List<Family> PROBED =
            List.of(Family.METADATA, Family.DELETED, Family.CONSUMERS, Family.CURSORS);

    private static final List<String> SYSTEM_PROBLEMS = List.of(
            "no space left",
            "permission denied",
            "read-only file system",
            "too many open files",
            "cannot allocate memory",
            "column families not opened", // somebody else's database
            "lock hold by",
            "while lock file",
            "resource temporarily unavailable");

    private static final int UNREADABLE_TABLES_MAX = 3;

    private final EngineConfig config;
    private final Path directory;
    private final LostFiles lost;
    private final Set<Long> suspects;
    private final List<LostTable> tables = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean logDamaged;
    private boolean relisted;
    private long logBytes;
    private int unreadableTables;

    /** @param suspects numbers of tables known to be unreadable */
    Opening(EngineConfig config, Set<Long> suspects) {
        this.config = config;
        this.directory = config.directory();
        this.lost = new LostFiles(directory.resolveSibling(".").normalize());
        this.suspects = new HashSet<>(suspects);
    }

    /** Whether there is anything of a database in the directory. */
    static boolean present(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "{CURRENT,MANIFEST-*,*.sst,*.log}")) {
            return files.iterator().hasNext();
        } catch (IOException e) {
            return false;
        }
    }

    /** What was wrong. */
    Wreckage wreckage() {
        return new Wreckage(logDamaged, logBytes, relisted, List.copyOf(tables), List.copyOf(notes));
    }

    /**
     * Opens, and makes a database if there is none.
     *
     * @param last what the store knows of its last sync
     * @throws RocksDBException if it cannot be opened by any means, or must not be touched now
     */
    Database open(LastSync last) throws RocksDBException, IOException {
        if (present(directory)) {
            LogEnd.settle(directory, last.sequence());
            checkCurrent(last.listShortened());
        }
        while (true) {
            try {
                strikeOffSuspects();
                Database opened = Database.open(
                        config,
                        logDamaged
                                ? WALRecoveryMode.SkipAnyCorruptedRecords
                                : WALRecoveryMode.TolerateCorruptedTailRecords);
                String unreadable = probe(opened);
                if (unreadable == null || !suspect(unreadable)) {
                    if (relisted) {
                        Relisting.settle(opened);
                    }
                    return opened;
                }
                opened.close();
            } catch (RocksDBException e) {
                putRight(e);
            }
        }
    }

    private void checkCurrent(boolean listShortened) throws IOException {
        List<Path> lists = ManifestFile.all(directory);
        if (listShortened) {
            relist("the list of tables (MANIFEST) has lost its end");
        } else if (ManifestFile.current(directory) == null) {
            if (lists.size() == 1) {
                note("the file CURRENT was lost or damaged and was written anew");
                keepCurrent();
                ManifestFile.makeCurrent(lists.getFirst());
            } else {
                relist("the file CURRENT was lost, and there " + (lists.isEmpty() ? "is no" : "is more than one")
                        + " list of tables (MANIFEST)");
            }
        }
    }

    private void keepCurrent() throws IOException {
        Path current = directory.resolve("CURRENT");
        if (Files.isRegularFile(current)) {
            lost.copy(current, "CURRENT");
        }
    }

    /** Puts one thing right, or throws. */
    private void putRight(RocksDBException refusal) throws RocksDBException, IOException {
        if (isOfTheSystem(refusal) || isDyingMedium(refusal)) {
            throw refusal;
        }
        log.warn("store cannot be opened as it is directory={} error={}", directory, refusal.getMessage());
        if (suspect(String.valueOf(refusal.getMessage())) || suspectUnreadable()) {
            return;
        }
        if (!logDamaged && !relisted) {
            logDamaged = true;
            logBytes = logBytes();
            keepLogs();
            note("the database's own log is damaged and was read without the damaged records");
            return;
        }
        relist("the list of tables (MANIFEST) cannot be read: " + refusal.getMessage());
    }

    private static boolean isOfTheSystem(RocksDBException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        boolean noSpace = e.getStatus() != null && e.getStatus().getSubCode() == Status.SubCode.NoSpace;
        return noSpace || SYSTEM_PROBLEMS.stream().anyMatch(message::contains);
    }

    /** A bad sector in a table or two is damage; a medium that gives errors everywhere is left alone. */
    private boolean isDyingMedium(RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        boolean unreadable = message.toLowerCase(Locale.ROOT).contains("input/output error");
        return unreadable && (TableFiles.named(message).isEmpty() || ++unreadableTables > UNREADABLE_TABLES_MAX);
    }

    /** Notes the tables that a message names; false if it names none that was not known. */
    private boolean suspect(String message) {
        return suspects.addAll(TableFiles.named(message));
    }

    /** Looks at each table; false if all can be read, or all were suspected already. */
    private boolean suspectUnreadable() throws IOException {
        List<TableFiles.Listed> listed;
        try {
            listed = TableFiles.list(config);
        } catch (RocksDBException e) {
            if (relisted) {
                return false;
            }
            relist("the list of tables (MANIFEST) cannot be read: " + e.getMessage());
            return true;
        }
        boolean found = false;
        try (var options = new Options()) {
            for (TableFiles.Listed table : listed) {
                if (TableFiles.problem(table, options) != null) {
                    found |= suspects.add(table.number());
                }
            }
        }
        return found;
    }

    private void strikeOffSuspects() throws RocksDBException, IOException {
        if (suspects.isEmpty() || ManifestFile.current(directory) == null) {
            return;
        }
        var struck = new ArrayList<ManifestFile.Table>();
        for (TableFiles.Listed table : TableFiles.list(config)) {
            if (suspects.contains(table.number())) {
                String name = table.file().getFileName().toString();
                String family = table.family().familyName();
                if (Files.exists(table.file())) {
                    lost.move(table.file(), name.replace(".sst", "." + family + ".sst"));
                }
                tables.add(new LostTable(name, table.family(), table.firstOwner(), table.lastOwner()));
                note("table " + name + " of the family " + family + " is missing or damaged and was taken out");
                struck.add(new ManifestFile.Table(table.family().id(), table.level(), table.number()));
            }
        }
        Path current = ManifestFile.current(directory);
        if (!struck.isEmpty() && current != null) {
            lost.copy(current, current.getFileName().toString());
            ManifestFile.strikeOff(current, struck);
        }
    }

    private void relist(String why) throws IOException {
        if (relisted) {
            throw new IOException("the database in " + directory + " cannot be repaired: " + why);
        }
        relisted = true;
        note(why + "; it was made anew from the tables");
        logBytes = logBytes();
        logDamaged |= Relisting.logsDamaged(directory);
        tables.addAll(new Relisting(config, lost).run());
        suspects.clear();
    }

    /** Reads every block of the small families; what RocksDB says of one that it cannot read, else null. */
    private static @Nullable String probe(Database database) {
        for (Family family : PROBED) {
            try (RocksIterator iterator = database.iterator(family)) {
                iterator.seekToFirst();
                while (iterator.isValid()) {
                    iterator.next();
                }
                iterator.status();
            } catch (RocksDBException e) {
                return String.valueOf(e.getMessage());
            }
        }
        return null;
    }

    /** RocksDB deletes logs once it has read them. */
    private void keepLogs() throws IOException {
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*.log")) {
            for (Path file : logs) {
                lost.copy(file, file.getFileName().toString());
            }
        }
    }

    private long logBytes() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*.log")) {
            for (Path file : logs) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private void note(String sentence) {
        log.error("store was damaged directory={} finding=\"{}\"", directory, sentence);
        notes.add(sentence);
    }
}
