package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.security.login.Claim;
import io.leafd.security.permission.Permissions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** INFO and CONNECT of leaf connections, with lines taken from nats-server 2.15.2. */
class LeafGreetingTest {
    @Test
    void readsTheFirstInfo() {
        LeafInfo info = info("""
                {"server_id":"NBVA","server_name":"HUB","version":"2.15.2","proto":3,"go":"go1.26.8","host":"127.0.0.1",
                "port":15010,"headers":true,"auth_required":true,"max_payload":1048576,"jetstream":true,"ip":"127.0.0.1:15010",
                "client_id":6,"nonce":"LiIL2reR2ag8Els","domain":"hub","compression":"off","api_lvl":5,"info_on_connect":true,
                "leafnode_urls":["127.0.0.1:15010"]}\s""");

        assertThat(info.serverName()).isEqualTo("HUB");
        assertThat(info.nonce()).isEqualTo("LiIL2reR2ag8Els");
        assertThat(info.maxPayloadBytes()).isEqualTo(1048576);
        assertThat(info.headers()).isTrue();
        assertThat(info.clientId()).isEqualTo(6);
        assertThat(info.domain()).isEqualTo("hub");
        assertThat(info.cluster()).isNull();
        assertThat(info.leafPort()).isTrue();
        assertThat(info.infoOnConnect()).isTrue();
        assertThat(info.connectInfo()).isFalse();
        assertThat(info.tlsRequired()).isFalse();
        assertThat(info.leafUrls()).containsExactly("127.0.0.1:15010");
        assertThat(info.permissions()).isNull();
    }

    @Test
    void readsPermissionsFromTheAnswerToConnect() {
        LeafInfo info = info("""
                {"client_id":58,"domain":"hub","connect_info":true,"remote_account":"A","api_lvl":5,
                "import":{"allow":["from.hub.\\u003e","_INBOX.\\u003e","jobs q.*","three words here","a b..c"],"deny":["from.hub.secret", "a..b"]},
                "export":{"allow":["to.hub.\\u003e","$JS.hub.API.\\u003e", ""],"deny":["to.hub.secret"]},
                "info_on_connect":true,"leafnode_urls":["127.0.0.1:15010"]}""");

        Permissions permissions = info.permissions();
        assertThat(info.connectInfo()).isTrue();
        assertThat(info.remoteAccount()).isEqualTo("A");
        assertThat(permissions).isNotNull();
        assertThat(permissions.subscribe().allow()).containsExactly("from.hub.>", "_INBOX.>", "jobs q.*");
        assertThat(permissions.subscribe().deny()).containsExactly("from.hub.secret");
        assertThat(permissions.publish().allow()).containsExactly("to.hub.>", "$JS.hub.API.>");
        assertThat(permissions.publish().deny()).containsExactly("to.hub.secret");
    }

    @Test
    void oneSideOfThePermissionsLeavesTheOtherOpen() {
        Permissions permissions = info("{\"import\":{\"allow\":[\"a\"]}}").permissions();

        assertThat(permissions).isNotNull();
        assertThat(permissions.mayPublish("anything")).isTrue();
        assertThat(permissions.maySubscribe("b", null)).isFalse();
    }

    @Test
    void knowsThatAClientPortIsNoLeafPort() {
        LeafInfo info = info("{\"server_id\":\"N1\",\"client_id\":1}");

        assertThat(info.leafPort()).isFalse();
        assertThat(info.serverName()).isEqualTo("N1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"a\":1} x"})
    void refusesWhatIsNoObject(String json) {
        assertThatThrownBy(() -> info(json)).isInstanceOf(JsonException.class);
    }

    @Test
    void writesConnectAsAServerDoes() {
        var connect = new LeafConnect(
                "2.15.2",
                "NB5W",
                "EDGE",
                "EDGE",
                "EA",
                "edge",
                true,
                false,
                false,
                true,
                List.of("noisy.>"),
                "",
                "",
                Claim.ofNkey("UAEH", "wwpWQ3"),
                null);

        assertThat(connect.toJson())
                .isEqualTo(
                        "{\"version\":\"2.15.2\",\"nkey\":\"UAEH\",\"sig\":\"wwpWQ3\",\"server_id\":\"NB5W\","
                                + "\"domain\":\"edge\",\"name\":\"EDGE\",\"cluster\":\"EDGE\",\"headers\":true,\"jetstream\":true,"
                                + "\"deny_pub\":[\"noisy.\\u003e\"],\"compress_mode\":\"off\",\"remote_account\":\"EA\",\"protocol\":1}");
    }

    @Test
    void readsWhatItWrites() {
        var connect = new LeafConnect(
                "2.15.2",
                "N",
                "e",
                "c",
                "A",
                "d",
                true,
                true,
                true,
                true,
                List.of("x"),
                "",
                "",
                new Claim("u", "p", "t", null, "s"),
                "jwt");
        byte[] json = connect.toJson().getBytes(StandardCharsets.UTF_8);

        assertThat(LeafConnect.parse(json, 0, json.length)).isEqualTo(connect);
        assertThat(Json.parseObject(json)).doesNotContainKeys("lang", "gateway", "account");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"name\":1}", "{\"is_hub\":\"yes\"}", "{\"deny_pub\":[1]}", "{\"deny_pub\":\"x\"}"})
    void refusesAConnectOfOtherTypes(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> LeafConnect.parse(bytes, 0, bytes.length)).isInstanceOf(JsonException.class);
    }

    private static LeafInfo info(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return LeafInfo.parse(bytes, 0, bytes.length);
    }
}
