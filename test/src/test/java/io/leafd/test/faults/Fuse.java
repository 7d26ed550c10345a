package io.leafd.test.faults;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@link Platters} as a file that the kernel can put a loop device on: a FUSE file system that is nothing but this one file. Served
 * by a thread of its own, which alone reads requests and answers them, in order.
 *
 * <p>Shape (little endian, kernel interface 7.31): a request is length (4), operation (4), id (8), node (8), user, group, process (12),
 * padding (4), then the operation's body; an answer is length (4), negated error number (4), id (8), body. Source: {@code linux/fuse.h}.
 *
 * <p>The loop device turns each write of its file system into WRITE and each flush into FSYNC, so that {@code Platters} sees exactly
 * what a disk sees: the order of writes and the flushes between them.
 */
final class Fuse implements AutoCloseable {
    static final int EIO = 5;

    private static final int ENOSYS = 38;
    private static final int EINTR = 4;
    private static final int MAJOR = 7;
    private static final int MINOR = 31;
    private static final int WRITE_MAX_BYTES = 1 << 17;
    private static final int REQUEST_MAX_BYTES = WRITE_MAX_BYTES + 8192;
    private static final int HEAD_BYTES = 40;
    private static final int ANSWER_HEAD_BYTES = 16;
    private static final int WRITE_BODY_BYTES = 40;
    private static final int REGULAR_FILE = 0100600;
    private static final int BIG_WRITES = 1 << 5;

    private final Platters platters;
    private final Path file;
    private final int fd;
    private final Thread server;
    private volatile DiskSpeed speed = DiskSpeed.UNBOUNDED;
    /** When the disk is done with all that it was told, by {@link System#nanoTime}; the server's. */
    private long doneNs;

    private Fuse(Platters platters, Path file, int fd) {
        this.platters = platters;
        this.file = file;
        this.fd = fd;
        this.server = new Thread(this::serve, "fuse");
        server.setDaemon(true);
    }

    /**
     * Mounts the disk as the given file, which is made.
     *
     * @throws IllegalStateException if this machine does not allow it
     */
    static Fuse mount(Platters platters, Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file);
        int fd = Kernel.open("/dev/fuse");
        if (fd < 0) {
            throw new IllegalStateException(
                    "cannot open /dev/fuse (error %d): the disk faults need root and a kernel with FUSE"
                            .formatted(-fd));
        }
        var fuse = new Fuse(platters, file, fd);
        int status =
                Kernel.mount("leafd-disk", file, "fuse", "fd=%d,rootmode=100000,user_id=0,group_id=0".formatted(fd));
        if (status < 0) {
            Kernel.close(fd);
            throw new IllegalStateException(
                    "cannot mount a FUSE file system at %s (error %d): the disk faults need root"
                            .formatted(file, -status));
        }
        fuse.server.start(); // not earlier: the device has nothing to read before it is mounted
        return fuse;
    }

    /** From now on everything takes as long as with a disk of this speed. */
    void speed(DiskSpeed newSpeed) {
        speed = newSpeed;
    }

    /** Takes the file away; whoever still uses it gets errors. */
    @Override
    public void close() {
        Kernel.unmount(file);
        try {
            server.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(REQUEST_MAX_BYTES, 8);
            MemorySegment out = arena.allocate(REQUEST_MAX_BYTES, 8);
            while (true) {
                long count = Kernel.read(fd, in);
                if (count == -EINTR) {
                    continue;
                }
                if (count < 0) {
                    return; // unmounted
                }
                ByteBuffer request = in.asSlice(0, count).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
                answer(request, out);
            }
        } finally {
            // also if this failed: whoever still uses the file then gets errors and does not wait for ever
            Kernel.close(fd);
        }
    }

    private void answer(ByteBuffer request, MemorySegment out) {
        int operation = request.getInt(4);
        long id = request.getLong(8);
        request.position(HEAD_BYTES);
        byte[] body = null;
        int errno = 0;
        try {
            body = body(operation, request.slice().order(ByteOrder.LITTLE_ENDIAN));
            if (body == null && operation != 2 && operation != 42 && operation != 36) {
                errno = ENOSYS;
            }
        } catch (Platters.DiskError e) {
            errno = e.errno();
        }
        if (body == null && errno == 0) {
            return; // FORGET, BATCH_FORGET and INTERRUPT have no answer
        }
        byte[] sent = body == null ? new byte[0] : body;
        int length = ANSWER_HEAD_BYTES + sent.length;
        out.set(ValueLayout.JAVA_INT, 0, length);
        out.set(ValueLayout.JAVA_INT, 4, -errno);
        out.set(ValueLayout.JAVA_LONG, 8, id);
        MemorySegment.copy(sent, 0, out, ValueLayout.JAVA_BYTE, ANSWER_HEAD_BYTES, sent.length);
        Kernel.write(fd, out, length);
    }

    /** The body of the answer; null if the operation is not known or has no answer. */
    private byte @Nullable [] body(int operation, ByteBuffer in) throws Platters.DiskError {
        return switch (operation) {
            case 26 -> initialized(in); // INIT
            case 3, 4 -> attributes(); // GETATTR, SETATTR
            case 14 -> new byte[16]; // OPEN
            case 15 -> { // READ
                await(speed.transferNs(in.getInt(16)));
                yield platters.read(in.getLong(8), in.getInt(16));
            }
            case 16 -> { // WRITE
                await(speed.transferNs(in.getInt(16)));
                yield written(in);
            }
            case 20 -> { // FSYNC
                await(speed.flush().toNanos());
                platters.flush();
                yield new byte[0];
            }
            case 18, 25, 34, 38 -> new byte[0]; // RELEASE, FLUSH, ACCESS, DESTROY
            default -> null;
        };
    }

    /** Waits until the disk has done what takes so long. */
    private void await(long ns) {
        doneNs = Math.max(doneNs, System.nanoTime()) + ns;
        for (long leftNs = ns; leftNs > 0; leftNs = doneNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    private static byte[] initialized(ByteBuffer in) {
        ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAJOR).putInt(MINOR);
        out.putInt(in.getInt(8)); // read-ahead as the kernel likes
        out.putInt(BIG_WRITES);
        out.putShort((short) 16).putShort((short) 12); // background requests, congestion
        out.putInt(WRITE_MAX_BYTES);
        out.putInt(1); // time granularity
        return out.array();
    }

    private byte[] attributes() {
        ByteBuffer out = ByteBuffer.allocate(104).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(1).putInt(0).putInt(0); // valid for a second
        out.putLong(1).putLong(platters.sizeBytes()).putLong(platters.sizeBytes() / 512);
        out.position(out.position() + 3 * 8 + 3 * 4); // times
        out.putInt(REGULAR_FILE).putInt(1);
        out.putInt(0).putInt(0).putInt(0); // user, group, device
        out.putInt(Platters.BLOCK_BYTES).putInt(0);
        return out.array();
    }

    private byte[] written(ByteBuffer in) throws Platters.DiskError {
        byte[] bytes = new byte[in.getInt(16)];
        in.get(WRITE_BODY_BYTES, bytes);
        platters.write(in.getLong(8), bytes);
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array();
    }
}
