package io.leafd.jetstream.consumer.pull;

import io.leafd.protocol.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes down frames; everybody listens unless told otherwise. */
final class FakePort implements PullPort {
    final List<String> frames = new ArrayList<>();
    final Set<String> deaf = new HashSet<>();
    private int pins;

    @Override
    public void status(Subject reply, byte[] headers) {
        String text = new String(headers, StandardCharsets.UTF_8).strip();
        frames.add(reply + ": " + text.substring("NATS/1.0 ".length()).replace("\r\n", ", "));
    }

    @Override
    public void heartbeat(Subject reply) {
        frames.add(reply + ": heartbeat");
    }

    @Override
    public boolean hasInterest(Subject reply) {
        return !deaf.contains(reply.toString());
    }

    @Override
    public String newPin() {
        return "pin" + ++pins;
    }

    @Override
    public void onPinned(String group, String pin) {
        frames.add("pinned " + group + " " + pin);
    }

    @Override
    public void onUnpinned(String group, String reason) {
        frames.add("unpinned " + group + " " + reason);
    }

    List<String> take() {
        List<String> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }
}
