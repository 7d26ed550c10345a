package io.leafd.app.run;

import io.leafd.http.Sources;
import io.leafd.jetstream.JetStream;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.link.InboundLeafs;
import io.leafd.link.LinkStatus;
import io.leafd.link.Links;
import io.leafd.link.UpstreamLink;
import io.leafd.link.net.LeafListener;
import io.leafd.store.DiskBudget;
import io.leafd.store.Store;
import io.leafd.store.StoreMetrics;
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
    private final @Nullable LeafListener leafs;
    private volatile JetStreamStats newest = new JetStreamStats(List.of());

    Monitored(
            @Nullable JetStream jetStream,
            @Nullable Store store,
            Path directory,
            Links links,
            @Nullable LeafListener leafs) {
        this.jetStream = jetStream;
        this.store = store;
        this.directory = directory;
        this.links = links;
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
                int subscriptions = peer.interest().heard();
                all.add(leaf(
                        id,
                        peer.name(),
                        true,
                        status.account(),
                        peer.address(),
                        peer.rttNs(),
                        status.traffic(),
                        subscriptions));
            }
        }
        if (leafs != null) {
            for (InboundLeafs.Status status : leafs.leafs().status()) {
                int subscriptions = status.interest().heard();
                all.add(leaf(
                        status.id(),
                        status.name(),
                        false,
                        status.account(),
                        status.address(),
                        status.rttNs(),
                        status.traffic(),
                        subscriptions));
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
        return metrics.damagedRanges() > 0
                ? metrics.damagedRanges() + " damaged ranges in the store; see \"leafd store check\""
                : null;
    }

    @Override
    public @Nullable Disk disk() {
        if (store == null) {
            return null;
        }
        DiskBudget.Usage usage = store.metrics().usage();
        return new Disk(directory.toString(), usage.usedBytes(), usage.maxBytes(), usage.freeBytes());
    }

    private static Upstream upstream(LinkStatus status) {
        LinkStatus.Peer peer = status.peer();
        return new Upstream(
                status.name(),
                status.account(),
                status.state(),
                peer == null ? 0 : peer.rttNs(),
                status.connects(),
                status.lastError(),
                List.of());
    }

    private static Leaf leaf(
            long id,
            String name,
            boolean spoke,
            String account,
            String address,
            long rttNs,
            LinkStatus.Traffic traffic,
            int subscriptions) {
        int colon = address.lastIndexOf(':');
        String ip = colon < 0 ? address : address.substring(0, colon);
        int port = colon < 0 ? 0 : Integer.parseInt(address.substring(colon + 1));
        return new Leaf(
                id,
                name,
                spoke,
                account,
                ip,
                port,
                rttNs,
                traffic.inMessages(),
                traffic.outMessages(),
                traffic.inBytes(),
                traffic.outBytes(),
                subscriptions);
    }
}
