package io.leafd.systemd;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A Unix datagram socket that receives, as systemd has one. Any thread, one at a time. */
final class DatagramPeer implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int DATAGRAM_BYTES_MAX = 4096;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(DATAGRAM_BYTES_MAX);
    private final int descriptor;

    /** @param name a path, or {@code @} and an abstract name */
    DatagramPeer(String name) {
        byte[] path = (name.startsWith("@") ? "\0" + name.substring(1) : name + "\0").getBytes(StandardCharsets.UTF_8);
        MemorySegment address = arena.allocate(2 + path.length, 2);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
        descriptor = (int) call("socket", false, AF_UNIX, SOCK_DGRAM, 0);
        if (call("bind", true, descriptor, address, (int) address.byteSize()) != 0) {
            throw new IllegalStateException("bind failed");
        }
    }

    /** What has come so far. */
    List<String> received() {
        List<String> datagrams = new ArrayList<>();
        for (long length = receive(); length >= 0; length = receive()) {
            byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            datagrams.add(new String(bytes, StandardCharsets.UTF_8));
        }
        return datagrams;
    }

    @SuppressWarnings("restricted")
    private long receive() {
        Linker linker = Linker.nativeLinker();
        MethodHandle recv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("recv"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT));
        try {
            return (long) recv.invokeExact(descriptor, buffer, (long) DATAGRAM_BYTES_MAX, MSG_DONTWAIT);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("restricted")
    private static long call(String function, boolean pointer, Object... arguments) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor descriptor = FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                pointer ? ValueLayout.ADDRESS : ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT);
        try {
            Object result = linker.downcallHandle(linker.defaultLookup().findOrThrow(function), descriptor)
                    .invokeWithArguments(arguments);
            return (int) result;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    @SuppressWarnings("restricted")
    public void close() {
        Linker linker = Linker.nativeLinker();
        try {
            int ignored = (int) linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("close"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                    .invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        arena.close();
    }
}
