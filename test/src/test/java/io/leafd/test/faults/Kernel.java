package io.leafd.test.faults;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The system calls that a file system server needs and that Java has no word for. Any thread. */
final class Kernel {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final int READ_WRITE_CLOEXEC = 2 | 02000000;
    private static final int DETACH = 2;

    private static final MethodHandle OPEN =
            call("open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            call("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle READ = call("read", transfer());
    private static final MethodHandle WRITE = call("write", transfer());
    private static final MethodHandle MOUNT = call(
            "mount",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));
    private static final MethodHandle UNMOUNT =
            call("umount2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private Kernel() {}

    /** Opens a device for reading and writing; returns a descriptor or a negative error number. */
    static int open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), READ_WRITE_CLOEXEC);
            return fd < 0 ? -errno(state) : fd;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(STATE), fd);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Bytes read, or a negative error number. */
    static long read(int fd, MemorySegment buffer) {
        return transfer(READ, fd, buffer, buffer.byteSize());
    }

    /** Bytes written, or a negative error number. */
    static long write(int fd, MemorySegment buffer, long count) {
        return transfer(WRITE, fd, buffer, count);
    }

    /** Mounts; returns 0 or a negative error number. */
    static int mount(String source, Path target, String type, String options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int status = (int) MOUNT.invokeExact(
                    state,
                    arena.allocateFrom(source),
                    arena.allocateFrom(target.toString()),
                    arena.allocateFrom(type),
                    0L,
                    arena.allocateFrom(options));
            return status < 0 ? -errno(state) : 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Takes a mount away at once, in use or not. */
    static void unmount(Path target) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored =
                    (int) UNMOUNT.invokeExact(arena.allocate(STATE), arena.allocateFrom(target.toString()), DETACH);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static long transfer(MethodHandle call, int fd, MemorySegment buffer, long count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long done = (long) call.invokeExact(state, fd, buffer, count);
            return done < 0 ? -errno(state) : done;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int errno(MemorySegment state) {
        return state.get(ValueLayout.JAVA_INT, ERRNO);
    }

    private static FunctionDescriptor transfer() {
        return FunctionDescriptor.of(
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    }

    @SuppressWarnings("restricted") // calls native code: the tests allow it
    private static MethodHandle call(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().find(name).orElseThrow(), descriptor, Linker.Option.captureCallState("errno"));
    }
}
