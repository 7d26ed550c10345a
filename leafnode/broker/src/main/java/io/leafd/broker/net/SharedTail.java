package io.leafd.broker.net;

import io.leafd.protocol.MessageView;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all frames of one large message end with, {@code [reply] size\r\nbody\r\n}, once for all its readers. Made by the loop that
 * delivers the message, released by whoever writes it last.
 *
 * <p>Copies are cheaper as long as there are few of them ({@link Outbox}), but a megabyte for each of forty readers is more than leafd
 * may use at all.
 */
final class SharedTail {
    private final ByteBuf bytes;
    private final SendMemory memory;
    private final int capacity;
    private final AtomicInteger users = new AtomicInteger(1);

    private SharedTail(ByteBuf bytes, SendMemory memory) {
        this.bytes = bytes;
        this.memory = memory;
        this.capacity = bytes.capacity();
        memory.add(capacity);
    }

    /** A copy of the message's tail, whose first user is the caller; null if there is no memory for it. */
    static @Nullable SharedTail of(MessageView message, SendMemory memory) {
        if (!memory.mayTake(message.tailLength)) {
            return null;
        }
        try {
            ByteBuf copy = ByteBufAllocator.DEFAULT.directBuffer(message.tailLength);
            copy.writeBytes(message.buf, message.tailOffset, message.tailLength);
            return new SharedTail(copy, memory);
        } catch (OutOfMemoryError e) { // direct memory, which others use, too
            return null;
        }
    }

    int length() {
        return bytes.readableBytes();
    }

    /** One user more. */
    void use() {
        users.incrementAndGet();
    }

    /** The bytes for a write; the writer releases them. */
    ByteBuf slice() {
        return bytes.retainedDuplicate();
    }

    /** One user less. Any thread. */
    void done() {
        if (users.decrementAndGet() == 0) {
            bytes.release();
            memory.add(-capacity);
        }
    }
}
