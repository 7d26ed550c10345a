package io.leafd.test.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/** What can happen to a file on a bad medium or by a careless hand. */
enum FileDamage {
    /** Two bits. */
    FLIP,
    /** Cut off: mostly a little, sometimes nearly everything. */
    TRUNCATE,
    ZEROS,
    EMPTY,
    MISSING,
    /** As it was at an earlier time; of a file that was not there then, nothing is left. */
    OLDER,
    /** Half of its pages as they were at an earlier time. */
    OLDER_PAGES;

    private static final int PAGE_BYTES = 4096;

    /**
     * Does it to a file.
     *
     * @param earlier the same file at an earlier time; need not be there
     */
    void apply(Path file, Path earlier, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] old = Files.exists(earlier) ? Files.readAllBytes(earlier) : new byte[0];
        switch (this) {
            case FLIP -> {
                for (int i = 0; i < 2 && bytes.length > 0; i++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                }
            }
            case TRUNCATE ->
                bytes = Arrays.copyOf(
                        bytes, Math.max(0, bytes.length - (int) Math.pow(bytes.length, random.nextDouble())));
            case ZEROS -> Arrays.fill(bytes, (byte) 0);
            case EMPTY -> bytes = new byte[0];
            case MISSING -> {
                Files.delete(file);
                return;
            }
            case OLDER -> bytes = old;
            case OLDER_PAGES -> {
                for (int at = 0; at < Math.min(bytes.length, old.length); at += PAGE_BYTES) {
                    if (random.nextBoolean()) {
                        System.arraycopy(
                                old, at, bytes, at, Math.min(PAGE_BYTES, Math.min(bytes.length, old.length) - at));
                    }
                }
            }
        }
        Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
    }
}
