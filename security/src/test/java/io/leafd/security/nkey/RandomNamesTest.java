package io.leafd.security.nkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomNamesTest {
    private final RandomNames names = new RandomNames(new SecureRandom());

    @Test
    void nonceIsElevenRandomBytesInFifteenCharacters() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String nonce = names.nonce();
            assertThat(nonce).hasSize(15).matches("[A-Za-z0-9_-]{15}");
            assertThat(Base64.getUrlDecoder().decode(nonce)).hasSize(11);
            seen.add(nonce);
        }
        assertThat(seen).hasSize(1000);
    }

    @Test
    void serverIdHasTheFormOfAServersPublicKey() {
        String id = names.serverId();

        assertThat(id).hasSize(NkeyText.PUBLIC_CHARS).startsWith("N");
        byte[] prefixAndKey = NkeyText.decodePublic(id.getBytes(StandardCharsets.US_ASCII), "the id"); // checks the sum
        assertThat(prefixAndKey).hasSize(1 + NkeyText.KEY_BYTES).startsWith(NkeyType.SERVER.prefix());
        assertThat(names.serverId()).isNotEqualTo(id);
    }

    @Test
    void alphanumericsUseAllSixtyTwo() {
        Set<Character> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            String name = names.alphanumerics(22);
            assertThat(name).matches("[A-Za-z0-9]{22}");
            name.chars().forEach(c -> seen.add((char) c));
        }
        assertThat(seen).hasSize(62);
        assertThat(names.alphanumerics(0)).isEmpty();
    }
}
