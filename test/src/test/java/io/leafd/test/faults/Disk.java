package io.leafd.test.faults;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.TestDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A small ext4 file system on a disk whose power can be cut, and which can be told to fail. Owned by one scenario. Needs root, loop
 * devices and FUSE, and says so where they are missing.
 *
 * <pre>
 *   server ── ext4 ── loop device ── one FUSE file ── {@link Platters}: flushed blocks, and versions of blocks since the flush
 * </pre>
 *
 * <p>Why not copy the image under the loop device while the server runs? Three things would be wrong with it. A copy takes time, so
 * it would hold early blocks from before and late blocks from after a commit, a state in which no disk ever was. The image behind a
 * plain loop device has every write that was completed, whether the file system asked for a flush or not, so a missing flush
 * would never be noticed. And freezing the file system for the copy writes everything back first, which is what a power cut does not
 * do. Here the disk is ours: {@link #cut} takes one lock, and from then on no write and no flush succeeds, so nothing can be
 * acknowledged after the moment that is kept; what was in the page cache is lost with the mount; and of what the disk got
 * since its last flush only some is there. Every acknowledgement that a client ever got counts.
 *
 * <p>Order of taking apart: file system, loop device, FUSE file, image; each step also after a failure of the one before. What a
 * killed test leaves behind is taken apart by a hook at the end of this JVM.
 */
final class Disk implements AutoCloseable {
    private static final int STEP_MAX_S = 60;
    private static final int MIB = 1 << 20;
    private static final Set<Disk> ATTACHED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> List.copyOf(ATTACHED).forEach(Disk::detach), "end-of-disks"));
    }

    private final Path directory;
    private final long sizeBytes;
    private final List<String> mkfs;
    private Platters platters;
    private DiskSpeed speed = DiskSpeed.UNBOUNDED;
    private @Nullable Fuse fuse;
    private @Nullable String loop;
    private boolean mounted;

    private Disk(Path directory, long sizeBytes, List<String> mkfs) {
        this.directory = directory;
        this.sizeBytes = sizeBytes;
        this.mkfs = mkfs;
        this.platters = new Platters(directory.resolve("image"), sizeBytes);
    }

    /**
     * Makes a file system of so many MiB and mounts it.
     *
     * @param mkfs more arguments of {@code mkfs.ext4}
     */
    static Disk format(int sizeMib, String... mkfs) {
        var disk = new Disk(TestDirectory.create("disk"), (long) sizeMib * MIB, List.of(mkfs));
        try {
            Files.createDirectory(disk.mountPoint());
            disk.attach(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return disk;
    }

    /** Where the file system is. */
    Path mountPoint() {
        return directory.resolve("mnt");
    }

    /** The disk itself, to be told to fail. */
    Platters platters() {
        return platters;
    }

    /** From now on it is as fast as that. */
    void speed(DiskSpeed newSpeed) {
        speed = newSpeed;
        if (fuse != null) {
            fuse.speed(speed);
        }
    }

    /** Cuts the power. The server still runs, and all that it asks of this disk fails. */
    void cut(Random random) {
        platters.cut(random);
    }

    /** Gives the power back: what the disk holds is mounted anew. The server must have ended. */
    void restore() {
        detach();
        platters = new Platters(directory.resolve("image"), sizeBytes);
        attach(false);
    }

    @Override
    public void close() {
        detach();
        TestDirectory.delete(directory);
    }

    private void attach(boolean format) {
        ATTACHED.add(this);
        try {
            Path file = directory.resolve("disk");
            fuse = Fuse.mount(platters, file);
            fuse.speed(speed);
            loop = run(List.of("losetup", "--find", "--show", file.toString())).strip();
            if (format) {
                var command = new ArrayList<>(List.of("mkfs.ext4", "-q", "-F", "-m", "0"));
                command.addAll(mkfs);
                command.add(loop);
                run(command);
            }
            run(List.of("mount", "-t", "ext4", loop, mountPoint().toString()));
            mounted = true;
        } catch (IOException e) {
            detach();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            detach();
            throw e;
        }
    }

    private void detach() {
        try {
            if (mounted) {
                unmount();
            }
        } finally {
            mounted = false;
            detachLoop();
        }
    }

    private void unmount() {
        Deadline.await("the file system at " + mountPoint() + " is unmounted", Deadline.STOP, () -> {
            try {
                run(List.of("umount", mountPoint().toString()));
                return true;
            } catch (IllegalStateException busy) {
                return false;
            }
        });
    }

    private void detachLoop() {
        try {
            if (loop != null) {
                run(List.of("losetup", "--detach", loop));
            }
        } finally {
            loop = null;
            if (fuse != null) {
                fuse.close();
            }
            fuse = null;
            platters.close();
            ATTACHED.remove(this);
        }
    }

    /** Runs a system tool to its end and returns what it wrote. */
    static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(STEP_MAX_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(
                        "%s: status %d: %s (the disk faults need root, loop devices, FUSE and e2fsprogs)"
                                .formatted(String.join(" ", command), process.exitValue(), output.strip()));
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot run %s: the disk faults need root, loop devices, FUSE and e2fsprogs".formatted(command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
