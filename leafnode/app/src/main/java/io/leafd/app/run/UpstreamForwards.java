package io.leafd.app.run;

import io.leafd.app.config.ForwardConfig.Keep;
import io.leafd.app.config.ForwardConfig.Source;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.UpstreamConfig;
import io.leafd.broker.Broker;
import io.leafd.broker.account.Account;
import io.leafd.jetstream.JetStream;
import io.leafd.link.LinkListener;
import io.leafd.link.Links;
import io.leafd.link.UpstreamLink;
import io.leafd.link.forward.ForwardConfig;
import io.leafd.link.forward.Forwards;
import io.leafd.link.forward.Uplink;
import io.leafd.link.forward.Upstream;
import io.leafd.protocol.SubjectFilter;
import io.leafd.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the forwards of all upstreams from the configuration. */
final class UpstreamForwards {
    private UpstreamForwards() {}

    /**
     * Opens them, before the store loop starts.
     *
     * @throws IllegalArgumentException if one can't be, with the reason
     */
    static List<Forwards> open(LeafdConfig config, Links links, JetStream jetStream, Broker broker, Store store) {
        var all = new ArrayList<Forwards>();
        for (UpstreamConfig upstream : config.upstreams()) {
            UpstreamLink link = links.find(upstream.name());
            if (link == null || upstream.forwards().isEmpty()) {
                continue;
            }
            var configs = new ArrayList<ForwardConfig>();
            for (io.leafd.app.config.ForwardConfig forward : upstream.forwards()) {
                configs.add(new ForwardConfig(
                        forward.name(), from(forward), forward.into(), forward.domain(), forward.priority()));
            }
            var forwards = new Forwards(
                    new OfLinks(links, link.plan().name(), link.plan().account()),
                    configs,
                    jetStream,
                    broker,
                    store,
                    Clock.systemUTC());
            link.listen(new Told(forwards));
            forwards.start();
            all.add(forwards);
        }
        return all;
    }

    /** The link of an upstream as forwards see it: whichever has the name now, since a reload may make it anew. */
    private record OfLinks(Links links, String name, Account account) implements Upstream {
        @Override
        public @Nullable Uplink uplink(@Nullable String domain, int priority, Runnable room) {
            UpstreamLink link = links.find(name);
            return link == null ? null : link.uplink(domain, priority, room);
        }

        @Override
        public void forwarded(List<String> filters) {
            UpstreamLink link = links.find(name);
            if (link != null) {
                link.forwarded(filters);
            }
        }
    }

    /** Tells the forwards of a link what becomes of it. */
    private record Told(Forwards forwards) implements LinkListener {
        @Override
        public void onUp(UpstreamLink link) {
            forwards.onUp();
        }

        @Override
        public void onDown(UpstreamLink link) {
            forwards.onDown();
        }

        @Override
        public void onPermissions(UpstreamLink link) {
            forwards.onPermissions();
        }

        @Override
        public void onBudget(UpstreamLink link) {
            forwards.onBudget();
        }
    }

    private static ForwardConfig.From from(io.leafd.app.config.ForwardConfig forward) {
        return switch (forward.source()) {
            case Source.OfStream(String stream) -> new ForwardConfig.Stream(stream);
            case Source.OfSubjects(List<String> subjects) ->
                new ForwardConfig.Captured(
                        subjects.stream().map(SubjectFilter::of).toList(),
                        forward.keep() == Keep.LATEST,
                        forward.spool().maxBytes(),
                        forward.spool().maxAge() == null
                                ? Duration.ZERO
                                : forward.spool().maxAge(),
                        forward.spool().whenFull() == io.leafd.app.config.ForwardConfig.WhenFull.REJECT);
        };
    }
}
