package io.leafd.store.engine;

import io.leafd.store.files.ManifestFile;
import io.leafd.store.files.RecordLog;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** Checks the files of a database that nobody has open, and changes none. Pure functions. */
public final class FileCheck {
    private FileCheck() {}

    /**
     * Reads every byte of every file that holds data.
     *
     * @return what is wrong, by the name of the file, in order of names
     */
    public static Map<String, String> problems(EngineConfig config) throws IOException {
        var problems = new TreeMap<String, String>();
        Path directory = config.directory();
        Path current = ManifestFile.current(directory);
        if (current == null) {
            problems.put("CURRENT", "is missing or damaged");
            for (Path list : ManifestFile.all(directory)) {
                note(problems, list, recordsProblem(list));
            }
        } else {
            note(problems, current, recordsProblem(current));
        }
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*.log")) {
            for (Path file : logs) {
                note(problems, file, recordsProblem(file));
            }
        }
        tables(config, problems);
        return problems;
    }

    private static void tables(EngineConfig config, Map<String, String> problems) throws IOException {
        try (var options = new Options()) {
            for (TableFiles.Listed table : TableFiles.list(config)) {
                note(problems, table.file(), TableFiles.problemWithin(table, options));
            }
        } catch (RocksDBException e) {
            problems.putIfAbsent("MANIFEST", "cannot be read: " + e.getMessage());
            unlistedTables(config.directory(), problems);
        }
    }

    private static void unlistedTables(Path directory, Map<String, String> problems) throws IOException {
        try (var options = new Options();
                DirectoryStream<Path> tables = Files.newDirectoryStream(directory, "*.sst")) {
            for (Path file : tables) {
                try (var reader = new SstFileReader(options)) {
                    reader.open(file.toString());
                    reader.verifyChecksum();
                } catch (RocksDBException e) {
                    note(problems, file, "is damaged: " + e.getMessage());
                }
            }
        }
    }

    private static void note(Map<String, String> problems, Path file, @Nullable String problem) {
        if (problem != null) {
            problems.put(file.getFileName().toString(), problem);
        }
    }

    /** What is wrong with a file of records. A torn last record is what a crash leaves, and no damage. */
    private static @Nullable String recordsProblem(Path file) throws IOException {
        var visitor = new RecordLog.Visitor() {
            private @Nullable String first;
            private @Nullable String problem;

            @Override
            public void record(byte[] bytes) {
                problem = first;
            }

            @Override
            public void damaged(long offset, String what) {
                first = first == null ? "is damaged at byte " + offset + ": " + what : first;
            }
        };
        RecordLog.read(file, visitor);
        return visitor.problem;
    }
}
