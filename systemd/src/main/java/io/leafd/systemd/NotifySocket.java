package io.leafd.systemd;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * Sends datagrams to a Unix socket, which the JDK cannot do: its Unix sockets are streams only. Immutable; any thread.
 *
 * <p>Calls {@code socket}, {@code sendto} and {@code close} of libc. A new socket for each datagram: they are few, and nothing is
 * left open. A process of its own ({@code systemd-notify}) would not be the main process that {@code NotifyAccess=main} wants.
 *
 * <p>Shape of {@code struct sockaddr_un} on Linux: 2 bytes family in native order, then up to 108 bytes of path. A path of the
 * file system ends with a NUL that counts; an abstract name begins with a NUL and ends where the length says.
 */
final class NotifySocket {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_BYTES = 2;
    private static final int PATH_BYTES_MAX = 108;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;
    private static final MethodHandle SOCKET = libc(
            "socket",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SENDTO = libc(
            "sendto",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    POINTER,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    POINTER,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            libc("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final byte[] path;

    /**
     * @param name as in {@code NOTIFY_SOCKET}: an absolute path, or {@code @} and an abstract name
     * @throws IOException when it is neither
     */
    NotifySocket(String name) throws IOException {
        boolean isAbstract = name.startsWith("@");
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (!(isAbstract || name.startsWith("/")) || bytes.length >= PATH_BYTES_MAX) {
            throw new IOException("neither a path nor an abstract name, or longer than 107 bytes");
        }
        if (isAbstract) {
            bytes[0] = 0;
            path = bytes;
        } else {
            path = new byte[bytes.length + 1]; // with its NUL
            System.arraycopy(bytes, 0, path, 0, bytes.length);
        }
    }

    @SuppressWarnings("restricted") // the one place of leafd that calls native code; the launcher allows it
    private static MethodHandle libc(String function, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(function), descriptor, Linker.Option.captureCallState("errno"));
    }

    /**
     * Sends one datagram.
     *
     * @throws IOException with the {@code errno} when the kernel refuses
     */
    void send(String text) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(ERRNO_LAYOUT);
            int descriptor = (int) SOCKET.invokeExact(errno, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            check(descriptor, "socket", errno);
            try {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
                MemorySegment address = address(arena);
                long sent = (long) SENDTO.invokeExact(
                        errno, descriptor, data, (long) bytes.length, MSG_NOSIGNAL, address, (int) address.byteSize());
                check(sent, "sendto", errno);
            } finally {
                int ignored = (int) CLOSE.invokeExact(errno, descriptor);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) { // what invokeExact declares; libc itself throws nothing
            throw new IOException(e);
        }
    }

    private MemorySegment address(Arena arena) {
        MemorySegment address = arena.allocate(FAMILY_BYTES + path.length, Short.BYTES);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, path.length);
        return address;
    }

    private static void check(long result, String function, MemorySegment errno) throws IOException {
        if (result < 0) {
            throw new IOException(function + " failed with errno " + (int) ERRNO.get(errno, 0L));
        }
    }
}
