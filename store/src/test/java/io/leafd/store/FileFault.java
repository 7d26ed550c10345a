package io.leafd.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One way in which a file can come to harm. */
enum FileFault {
    /** Two flipped bits. */
    FLIP {
        @Override
        byte[] apply(byte[] now, byte[] before, Random random) {
            byte[] bytes = now.clone();
            for (int i = 0; i < 2 && bytes.length > 0; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return bytes;
        }
    },
    /** A missing tail: mostly a short one, sometimes most of the file. */
    TRUNCATE {
        @Override
        byte[] apply(byte[] now, byte[] before, Random random) {
            int cut = (int) Math.pow(now.length, random.nextDouble());
            return Arrays.copyOf(now, Math.max(0, now.length - cut));
        }
    },
    /** Nothing but zeros. */
    ZEROS {
        @Override
        byte[] apply(byte[] now, byte[] before, Random random) {
            return new byte[now.length];
        }
    },
    EMPTY {
        @Override
        byte[] apply(byte[] now, byte[] before, Random random) {
            return new byte[0];
        }
    },
    /** The file as it was some time ago. */
    OLDER {
        @Override
        byte[] apply(byte[] now, byte[] before, Random random) {
            return before;
        }
    },
    /** Half of its pages as they were some time ago. */
    OLDER_PAGES {
        @Override
        byte[] apply(byte[] now, byte[] before, Random random) {
            byte[] bytes = now.clone();
            for (int at = 0; at < Math.min(now.length, before.length); at += PAGE_BYTES) {
                if (random.nextBoolean()) {
                    System.arraycopy(
                            before, at, bytes, at, Math.min(PAGE_BYTES, Math.min(now.length, before.length) - at));
                }
            }
            return bytes;
        }
    },
    DELETE {
        @Override
        byte[] apply(byte[] now, byte[] before, Random random) {
            throw new UnsupportedOperationException("the file goes");
        }
    };

    private static final int PAGE_BYTES = 4096;

    abstract byte[] apply(byte[] now, byte[] before, Random random);

    /** Harms a file of {@code store}; {@code older} is the same store some time ago. */
    void harm(Path store, Path file, Path older, Random random) throws IOException {
        if (this == DELETE) {
            Files.delete(file);
            return;
        }
        Path before = older.resolve(store.relativize(file).toString());
        byte[] now = Files.readAllBytes(file);
        Files.write(file, apply(now, Files.exists(before) ? Files.readAllBytes(before) : now, random));
    }

    /** Picks one of the files of the kind whose turn it is: as many rounds as there are kinds see each of them. */
    static Path pick(Path store, long turn, Random random) throws IOException {
        var kinds = new TreeMap<String, List<Path>>();
        try (Stream<Path> files = Files.walk(store)) {
            files.filter(Files::isRegularFile)
                    .sorted()
                    .forEach(file -> kinds.computeIfAbsent(kind(file), kind -> new ArrayList<>())
                            .add(file));
        }
        List<String> names = List.copyOf(kinds.keySet());
        List<Path> files = Objects.requireNonNull(kinds.get(names.get((int) (turn % names.size()))));
        return files.get(random.nextInt(files.size()));
    }

    private static String kind(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".sst") || name.endsWith(".log")
                ? name.substring(name.length() - 4)
                : name.replaceAll("[-.]?\\d+", "");
    }
}
