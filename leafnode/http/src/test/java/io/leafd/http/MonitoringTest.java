package io.leafd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.broker.account.Account;
import io.leafd.broker.account.Accounts;
import io.leafd.broker.net.ClientLimits;
import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.ServerContext;
import io.leafd.broker.net.ServerIdentity;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.protocol.json.Json;
import io.leafd.security.login.UserDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MonitoringTest {
    /** A box with one upstream that is away and one forward that waits for it. */
    private static final class Box implements Sources {
        @Nullable
        String trouble;

        List<Loss> losses = List.of();

        @Override
        public JetStreamStats jetStream() {
            return new JetStreamStats(List.of());
        }

        @Override
        public List<Leaf> leafs() {
            return List.of(new Leaf(7, "HUB", true, "PLANT", "10.0.0.1", 7422, 1_500_000, 1, 2, 3, 4, 5));
        }

        @Override
        public List<Upstream> upstreams() {
            var backlog = new Backlog("telemetry", 12, 3_400, 61_000, 99, 2.5, -1, 0, 1);
            return List.of(new Upstream(
                    "h\"q", "PLANT", "waiting", 0, 3, "refused", new Budget(70, 100, 2_500, true), List.of(backlog)));
        }

        @Override
        public @Nullable String trouble() {
            return trouble;
        }

        @Override
        public List<Loss> losses() {
            return losses;
        }

        @Override
        public Disk disk() {
            return new Disk("/data", 10, 100, 50);
        }
    }

    private final Box box = new Box();
    private ServerContext server;
    private HttpListener listener;

    @BeforeEach
    void start() throws IOException {
        var identity = new ServerIdentity("NID", "press-7", "2.15.2", "0.1.0", "press-7");
        server = new ServerContext(
                identity, new EventLoops(1), UserDirectory.open(Accounts.GLOBAL), ClientLimits.DEFAULTS, 0);
        server.accounts().add(new Account(Accounts.GLOBAL, true));
        listener = HttpListener.open(server, box, "127.0.0.1", 0, null);
    }

    @AfterEach
    void stop() {
        listener.close();
        server.close();
        server.loops().close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + listener.address().getPort() + path);
            var request = HttpRequest.newBuilder(uri)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private Map<String, @Nullable Object> json(String path) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void healthIsAboutLocalServiceNotTheLink() throws Exception {
        assertThat(json("/healthz")).containsEntry("status", "ok");
        assertThat(get("/healthz?link=h%22q").statusCode()).isEqualTo(503);
        box.trouble = "the store can't write: disk full";
        HttpResponse<String> ill = get("/healthz");
        assertThat(ill.statusCode()).isEqualTo(503);
        assertThat(ill.body()).contains("disk full");
    }

    @Test
    void whatIsLostDegradesAndKeepsNobodyAway() throws Exception {
        box.losses = List.of(new Sources.Loss("PLANT", "EVENTS", 4, List.of(new Sources.Range(5, 8, "bad checksum"))));
        Map<String, @Nullable Object> health = json("/healthz");
        assertThat(health).containsEntry("status", "degraded");
        assertThat(health.get("lost"))
                .isEqualTo(List.of(Map.of(
                        "account",
                        "PLANT",
                        "stream",
                        "EVENTS",
                        "messages",
                        4L,
                        "ranges",
                        List.of(Map.of("first_seq", 5L, "last_seq", 8L, "reason", "bad checksum")))));
        assertThat(get("/metrics").body())
                .contains("leafd_lost_messages{account=\"PLANT\",stream=\"EVENTS\"} 4\n")
                .contains("leafd_healthy 1\n");
        box.trouble = "the store can't write: disk full";
        HttpResponse<String> ill = get("/healthz");
        assertThat(ill.statusCode()).isEqualTo(503);
        assertThat(ill.body()).contains("unavailable").contains("EVENTS");
    }

    @Test
    void varzHasTheNamesThatToolsRead() throws Exception {
        assertThat(json("/varz"))
                .containsEntry("server_name", "press-7")
                .containsEntry("version", "2.15.2")
                .containsEntry("connections", 0L)
                .containsKeys("mem", "in_msgs", "out_bytes", "slow_consumers", "jetstream", "leafnodes", "uptime");
    }

    @Test
    void connzAndLeafzAndJszAreServed() throws Exception {
        assertThat(json("/connz?sort=subs&limit=5")).containsEntry("total", 0L).containsEntry("limit", 5L);
        assertThat(json("/leafz").toString()).contains("name=HUB").contains("rtt=1.5ms");
        assertThat(json("/leafz?acc=OTHER")).containsEntry("leafnodes", 0L);
        assertThat(json("/jsz?accounts=1")).containsEntry("messages", 0L).containsKey("account_details");
    }

    @Test
    void metricsAreLabelledAndEscaped() throws Exception {
        HttpResponse<String> metrics = get("/metrics");
        assertThat(metrics.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.body())
                .contains("# TYPE leafd_link_up gauge\nleafd_link_up{upstream=\"h\\\"q\"} 0\n")
                .contains("leafd_forward_pending_messages{upstream=\"h\\\"q\",forward=\"telemetry\"} 12\n")
                .contains("leafd_forward_oldest_seconds{upstream=\"h\\\"q\",forward=\"telemetry\"} 61\n")
                .contains("leafd_forward_rate{upstream=\"h\\\"q\",forward=\"telemetry\"} 2.5\n")
                .contains("leafd_disk_used_bytes 10\n")
                .contains("leafd_link_budget_bytes{upstream=\"h\\\"q\"} 100\n")
                .contains("leafd_link_budget_spent_bytes{upstream=\"h\\\"q\"} 70\n")
                .contains("leafd_link_budget_next_seconds{upstream=\"h\\\"q\"} 2.5\n")
                .contains("leafd_link_budget_used_up{upstream=\"h\\\"q\"} 1\n")
                .doesNotContain("NaN");
        for (String line : metrics.body().split("\n")) {
            assertThat(line).matches("# (HELP|TYPE) \\S+ .+|[a-z_]+(\\{.*})? -?[0-9.E]+");
        }
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertThat(get("/connz?limit=abc").statusCode()).isEqualTo(400);
        assertThat(get("/connz?sort=bogus").body()).contains("sort");
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/varz").statusCode()).isEqualTo(405);
        assertThat(send("HEAD", "/varz").body()).isEmpty();
        assertThat(get("/").body()).contains("href=\"/metrics\"");
    }
}
