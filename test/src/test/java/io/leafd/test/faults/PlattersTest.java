package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlattersTest {
    private static final int BLOCKS = 64;

    @TempDir
    private Path directory;

    private Platters disk;

    @BeforeEach
    void open() {
        disk = new Platters(directory.resolve("image"), (long) BLOCKS * Platters.BLOCK_BYTES);
    }

    @AfterEach
    void close() {
        disk.close();
    }

    @Test
    void readsWhatWasWrittenAcrossBlocks() throws Exception {
        disk.write(4090, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        assertThat(disk.read(4089, 12)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0);
    }

    @Test
    void whatWasFlushedSurvivesTheCut() throws Exception {
        fill(1);
        disk.flush();
        disk.cut(new Random(1));
        assertThat(kinds()).containsExactly((byte) 1);
    }

    @Test
    void whatWasNotFlushedSurvivesInPart() throws Exception {
        fill(1);
        disk.flush();
        fill(2);
        fill(3);
        disk.cut(new Random(1));
        assertThat(kinds()).contains((byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void failsWhatItIsToldToFail() throws Exception {
        disk.fail(0, Fuse.EIO);
        fill(1);
        assertThatThrownBy(() -> disk.flush()).isInstanceOf(Platters.DiskError.class);
        disk.fail(Fuse.EIO, 0);
        assertThatThrownBy(() -> fill(2)).isInstanceOf(Platters.DiskError.class);
        disk.fail(0, 0);
        disk.flush();
        assertThat(kinds()).containsExactly((byte) 1);
    }

    private void fill(int value) throws Platters.DiskError {
        byte[] block = new byte[Platters.BLOCK_BYTES];
        Arrays.fill(block, (byte) value);
        for (int i = 0; i < BLOCKS; i++) {
            disk.write((long) i * Platters.BLOCK_BYTES, block);
        }
    }

    private Set<Byte> kinds() {
        var kinds = new HashSet<Byte>();
        for (byte value : disk.read(0, BLOCKS * Platters.BLOCK_BYTES)) {
            kinds.add(value);
        }
        return kinds;
    }
}
