package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.store.engine.Family;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes may stand in the small files of a data directory: they are understood, told as damaged, or refused as of another version.
 * So that a search comes further than the checksums, each input is tried as it is and with checksums that are right.
 */
class StoreFilesFuzzTest {
    private static final long TIP_MAGIC = 0x6c65616664746970L;
    private static final int SLOT_BYTES = 64;

    private final Path directory;

    StoreFilesFuzzTest() throws IOException {
        directory = Files.createTempDirectory("leafd-files");
        directory.toFile().deleteOnExit(); // behind the files in it
        for (String name : List.of(TipFile.NAME, DefinitionsFile.NAME, FormatFile.NAME)) {
            directory.resolve(name).toFile().deleteOnExit();
        }
    }

    @FuzzTest(maxDuration = "6m")
    void aTipSaysSomethingOrNothing(byte[] content) throws IOException {
        tip(content);
        byte[] sealed = Arrays.copyOf(content, Math.max(SLOT_BYTES, content.length));
        ByteBuffer slots = ByteBuffer.wrap(sealed).putLong(0, TIP_MAGIC);
        for (int at = 0; at + SLOT_BYTES <= sealed.length; at += SLOT_BYTES) {
            int crcAt = at == 0 ? 60 : at + 56;
            slots.putInt(crcAt, crc(sealed, at, crcAt - at));
        }
        TipFile.Tip tip = Objects.requireNonNull(tip(sealed));
        assertThat(tip.sequence()).isEqualTo(slots.getLong(8));
        assertThat(tip.streams()).hasSizeLessThan(sealed.length / SLOT_BYTES).doesNotContainKey(0L);
    }

    private TipFile.@Nullable Tip tip(byte[] content) throws IOException {
        Files.write(directory.resolve(TipFile.NAME), content);
        return TipFile.read(directory);
    }

    @FuzzTest(maxDuration = "6m")
    void definitionsAreReadOrDamaged(byte[] content) throws IOException {
        definitions(content);
        byte[] sealed = ByteBuffer.allocate(8 + content.length + 4)
                .put("leafddef".getBytes(StandardCharsets.US_ASCII))
                .put(content)
                .putInt(0)
                .array();
        ByteBuffer.wrap(sealed).putInt(sealed.length - 4, crc(sealed, 0, sealed.length - 4));
        List<DefinitionsFile.Definition> read = definitions(sealed);
        if (read != null) {
            assertThat(read).allMatch(one -> one.family() == Family.METADATA || one.family() == Family.CONSUMERS);
            assertThat(read.stream()
                            .mapToInt(one -> 9 + one.key().length + one.body().length)
                            .sum())
                    .isEqualTo(content.length);
        }
    }

    private @Nullable List<DefinitionsFile.Definition> definitions(byte[] content) throws IOException {
        Files.write(directory.resolve(DefinitionsFile.NAME), content);
        return DefinitionsFile.read(directory);
    }

    @FuzzTest(maxDuration = "6m")
    void aFormatIsKnownNewerOrDamaged(byte[] content) throws IOException {
        format(content);
        String text = new String(content, StandardCharsets.UTF_8);
        List<String> lines = Arrays.asList((text + "\n\n\n").split("\n", -1)).subList(0, 3);
        String three = String.join("\n", lines);
        byte[] bytes = three.getBytes(StandardCharsets.UTF_8);
        format("%s\ncheck %08x\n".formatted(three, crc(bytes, 0, bytes.length)).getBytes(StandardCharsets.UTF_8));
    }

    private void format(byte[] content) throws IOException {
        Files.write(directory.resolve(FormatFile.NAME), content);
        try {
            assertThat(FormatFile.problem(directory, true)).isIn(null, "is damaged");
        } catch (StoreException.Unusable e) {
            assertThat(e).hasMessageContaining("install the newer version again");
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
