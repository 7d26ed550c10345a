package io.leafd.app.run;

import io.leafd.http.Sources;
import io.leafd.jetstream.JetStream;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.link.InboundLeafs;
import io.leafd.link.LinkStatus;
import io.leafd.link.Links;
import io.leafd.link.UpstreamLink;
import io.leafd.link.budget.BudgetStatus;
import io.leafd.link.forward.ForwardStats;
import io.leafd.link.forward.Forwards;
import io.leafd.link.net.LeafListener;
import io.leafd.store.DiskBudget;
import io.leafd.store.Store;
import io.leafd.store.StoreMetrics;
import io.leafd.store.StreamLoss;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What monitoring shows of streams, links and the store. Any thread.
 *
 * <p>JetStream's statistics belong to the store loop, which may be busy: a question is put to it and the newest answer so far is
 * shown, so that no page ever waits for the disk.
 */
final class Monitored implements Sources {
    private final @Nullable JetStream jetStream;
    private final @Nullable Store store;
    private final Path directory;
    private final Links links;
    private final List<Forwards> forwards;
    private final @Nullable LeafListener leafs;
    private volatile JetStreamStats newest = new JetStreamStats(List.of());

    Monitored(
            @Nullable JetStream jetStream,
            @Nullable Store store,
            Path directory,
            Links links,
            List<Forwards> forwards,
            @Nullable LeafListener leafs) {
        this.jetStream = jetStream;
        this.store = store;
        this.directory = directory;
        this.links = links;
        this.forwards = List.copyOf(forwards);
        this.leafs = leafs;
    }

    @Override
    public @Nullable JetStreamStats jetStream() {
        if (jetStream == null) {
            return null;
        }
        var question = jetStream.stats(true);
        question.thenAccept(answer -> newest = answer);
        return question.getNow(newest);
    }

    @Override
    public List<Leaf> leafs() {
        var all = new ArrayList<Leaf>();
        long id = 0;
        for (UpstreamLink link : links.all()) {
            LinkStatus status = link.status();
            LinkStatus.Peer peer = status.peer();
            id++;
            if (peer != null) {
                Address address = Address.of(peer.address());
                LinkStatus.Traffic traffic = status.traffic();
                all.add(new Leaf(
                        id,
                        peer.name(),
                        true,
                        status.account(),
                        address.ip,
                        address.port,
                        peer.rttNs(),
                        traffic.inMessages(),
                        traffic.outMessages(),
                        traffic.inBytes(),
                        traffic.outBytes(),
                        peer.interest().heard()));
            }
        }
        if (leafs != null) {
            for (InboundLeafs.Status status : leafs.leafs().status()) {
                Address address = Address.of(status.address());
                LinkStatus.Traffic traffic = status.traffic();
                all.add(new Leaf(
                        status.id(),
                        status.name(),
                        false,
                        status.account(),
                        address.ip,
                        address.port,
                        status.rttNs(),
                        traffic.inMessages(),
                        traffic.outMessages(),
                        traffic.inBytes(),
                        traffic.outBytes(),
                        status.interest().heard()));
            }
        }
        return all;
    }

    @Override
    public List<Upstream> upstreams() {
        return links.all().stream().map(link -> upstream(link.status())).toList();
    }

    @Override
    public @Nullable String trouble() {
        if (store == null) {
            return null;
        }
        StoreMetrics metrics = store.metrics();
        if (!metrics.available()) {
            return "the store can't write; it is opened again as soon as the disk works";
        }
        DiskBudget.Usage usage = metrics.usage();
        if (usage.full()) {
            return "the disk budget is used up: " + usage.usedBytes() + " of " + usage.maxBytes() + " bytes, "
                    + usage.freeBytes() + " bytes free; raise max_disk, or delete or purge streams";
        }
        return null;
    }

    @Override
    public List<Loss> losses() {
        return store == null
                ? List.of()
                : store.losses().stream().map(Monitored::loss).toList();
    }

    private static Loss loss(StreamLoss loss) {
        return new Loss(
                loss.account(),
                loss.stream(),
                loss.messages(),
                loss.ranges().stream()
                        .map(range -> new Range(range.firstSeq(), range.lastSeq(), range.reason()))
                        .toList());
    }

    @Override
    public @Nullable Disk disk() {
        if (store == null) {
            return null;
        }
        DiskBudget.Usage usage = store.metrics().usage();
        return new Disk(directory.toString(), usage.usedBytes(), usage.maxBytes(), usage.freeBytes());
    }

    private Upstream upstream(LinkStatus status) {
        LinkStatus.Peer peer = status.peer();
        return new Upstream(
                status.name(),
                status.account(),
                status.state(),
                peer == null ? 0 : peer.rttNs(),
                status.connects(),
                status.lastError(),
                budget(status.budget()),
                forwards.stream()
                        .filter(one -> one.upstream().equals(status.name()))
                        .flatMap(one -> one.stats().stream())
                        .map(Monitored::backlog)
                        .toList());
    }

    private static @Nullable Budget budget(@Nullable BudgetStatus budget) {
        return budget == null
                ? null
                : new Budget(budget.spentBytes(), budget.limitBytes(), budget.nextInMs(), budget.ordinaryUsedUp());
    }

    private static Backlog backlog(ForwardStats stats) {
        return new Backlog(
                stats.name(),
                stats.messages(),
                stats.bytes(),
                stats.oldestAgeMs(),
                stats.confirmed(),
                stats.messagesPerSecond(),
                stats.etaMs(),
                stats.parked(),
                stats.resends());
    }

    /** Host and port of the other end; port 0 when the text has none. */
    private record Address(String ip, int port) {
        static Address of(String text) {
            int colon = text.lastIndexOf(':');
            return colon < 0
                    ? new Address(text, 0)
                    : new Address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        }
    }
}
