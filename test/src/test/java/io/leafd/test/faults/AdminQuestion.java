package io.leafd.test.faults;

import io.leafd.test.peer.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks a running leafd over its administration socket, as {@code leafd status --json} does, without the start of another JVM. */
public final class AdminQuestion {
    private AdminQuestion() {}

    /** What {@code leafd status --json} prints, as {@code answer}. */
    public static JsonTree status(Path dataDirectory) {
        var address = UnixDomainSocketAddress.of(dataDirectory.resolve("admin.sock"));
        try (var socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(address);
            Channels.newOutputStream(socket)
                    .write("{\"verb\":\"status\",\"arguments\":{}}\n".getBytes(StandardCharsets.UTF_8));
            return JsonTree.of(Channels.newInputStream(socket).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sequences of a stream that the status tells as lost or damaged since the start. */
    static List<Ledger.SeqRange> lost(JsonTree status, String stream) {
        var lost = new ArrayList<Ledger.SeqRange>();
        for (int i = 0; status.has("answer.storage.lost." + i); i++) {
            String loss = "answer.storage.lost." + i;
            for (int j = 0;
                    status.has(loss + ".ranges." + j)
                            && status.text(loss + ".stream").equals(stream);
                    j++) {
                String range = loss + ".ranges." + j;
                lost.add(new Ledger.SeqRange(status.number(range + ".first_seq"), status.number(range + ".last_seq")));
            }
        }
        return lost;
    }
}
