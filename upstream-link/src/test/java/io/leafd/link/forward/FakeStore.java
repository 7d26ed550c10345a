package io.leafd.link.forward;

import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** One local stream and the position of its forward, with a disk that forgets in a crash what was not committed. */
final class FakeStore implements Backlog {
    private final Simulation simulation;
    private final long commitNs;
    private final boolean captured;
    private final TreeMap<Long, Item> messages = new TreeMap<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private TreeMap<Long, Item> messagesOnDisk = new TreeMap<>();
    private Progress progress = Progress.NONE;
    private Progress progressOnDisk = Progress.NONE;
    private byte[] parked = new byte[0];
    private byte[] parkedOnDisk = new byte[0];
    private boolean committing;
    private long lastSeq;
    private long lastSeqOnDisk;
    private int crashes;
    int saves;

    /** A store whose commits take {@code commitNs}; {@code captured}: released messages are removed. */
    FakeStore(Simulation simulation, long commitNs, boolean captured) {
        this.simulation = simulation;
        this.commitNs = commitNs;
        this.captured = captured;
    }

    /** Stores a message at once and for good. */
    long append(String subject, int bytes) {
        lastSeq++;
        lastSeqOnDisk = lastSeq;
        byte[] payload = new byte[bytes];
        byte[] text = Long.toString(lastSeq).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, payload, 0, Math.min(text.length, bytes));
        var item = new Item(lastSeq, simulation.nowNs(), Message.of(Subject.of(subject), payload));
        messages.put(lastSeq, item);
        messagesOnDisk.put(lastSeq, item);
        return lastSeq;
    }

    void remove(long seq) {
        messages.remove(seq);
        messagesOnDisk.remove(seq);
    }

    /** The power is cut: only what was committed remains. */
    void crash() {
        crashes++;
        waiting.clear();
        committing = false;
        messages.clear();
        messages.putAll(messagesOnDisk);
        progress = progressOnDisk;
        parked = parkedOnDisk;
        lastSeq = lastSeqOnDisk;
    }

    /** The stream is deleted, and made anew under the same name. */
    void remake() {
        crash();
        messages.clear();
        messagesOnDisk.clear();
        progress = Progress.NONE;
        progressOnDisk = Progress.NONE;
        parked = new byte[0];
        parkedOnDisk = new byte[0];
        lastSeq = 0;
        lastSeqOnDisk = 0;
    }

    /** Back to an older state of everything, as a restore from a backup does. */
    Runnable backup() {
        var oldMessages = new TreeMap<>(messagesOnDisk);
        Progress oldProgress = progressOnDisk;
        byte[] oldParked = parkedOnDisk;
        long oldLastSeq = lastSeqOnDisk;
        return () -> {
            messagesOnDisk = new TreeMap<>(oldMessages);
            progressOnDisk = oldProgress;
            parkedOnDisk = oldParked;
            lastSeqOnDisk = oldLastSeq;
            crash();
        };
    }

    Progress progress() {
        return progress;
    }

    Parked parked() {
        return Parked.of(parked);
    }

    int size() {
        return messages.size();
    }

    @Override
    public long lastSeq() {
        return lastSeq;
    }

    @Override
    public List<Item> read(long fromSeq, int countMax, int bytesMax) {
        var items = new ArrayList<Item>();
        int bytes = 0;
        for (Item item : messages.tailMap(fromSeq, true).values()) {
            if (items.size() >= countMax || (bytes > 0 && bytes + item.bytes() > bytesMax)) {
                break;
            }
            items.add(item);
            bytes += item.bytes();
        }
        return items;
    }

    @Override
    public void release(long seq) {
        if (captured) {
            messages.remove(seq);
            commit();
        }
    }

    @Override
    public void save(Progress newProgress) {
        saves++;
        progress = Progress.of(newProgress.toBytes());
        commit();
    }

    @Override
    public void save(Parked newParked) {
        parked = newParked.toBytes();
        commit();
    }

    @Override
    public void afterCommit(Runnable then) {
        waiting.add(then);
        commit();
    }

    private void commit() {
        if (committing) {
            return;
        }
        committing = true;
        int crashesBefore = crashes;
        simulation.in(commitNs, () -> {
            if (crashes == crashesBefore) {
                committing = false;
                messagesOnDisk = new TreeMap<>(messages);
                progressOnDisk = progress;
                parkedOnDisk = parked;
                var done = List.copyOf(waiting);
                waiting.clear();
                done.forEach(Runnable::run);
            }
        });
    }
}
