package io.leafd.broker.interest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenMapTest {
    @Test
    void itBehavesLikeAMap() {
        var random = new Random(5);
        Map<String, Integer> model = new HashMap<>();
        TokenMap<Integer> map = TokenMap.empty();
        for (int step = 0; step < 100_000; step++) {
            String token = "t" + random.nextInt(3_000);
            byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(3) == 0) {
                model.remove(token);
                map = map.with(bytes, null);
            } else {
                model.put(token, step);
                map = map.with(bytes, step);
            }
            assertThat(map.get(bytes, 0, bytes.length)).isEqualTo(model.get(token));
        }
        Set<Integer> seen = new HashSet<>();
        map.forEach(seen::add);
        assertThat(seen).isEqualTo(Set.copyOf(model.values()));
    }

    @Test
    void tokensWhoseHashesAreEqualAreToldApart() {
        byte[][] same = tokensOfOneHash();
        TokenMap<Integer> map = TokenMap.empty();
        for (int i = 0; i < same.length; i++) {
            map = map.with(same[i], i);
        }
        for (int i = 0; i < same.length; i++) {
            assertThat(map.get(same[i], 0, same[i].length)).isEqualTo(i);
        }
        map = map.with(same[0], null);
        assertThat(map.get(same[0], 0, same[0].length)).isNull();
        assertThat(map.get(same[1], 0, same[1].length)).isEqualTo(1);
        for (byte[] token : same) {
            map = map.with(token, null);
        }
        assertThat(map.isEmpty()).isTrue();
    }

    /** Two tokens with one hash, found by search: eight random bytes collide soon enough in 32 bits. */
    private static byte[][] tokensOfOneHash() {
        var random = new Random(9);
        Map<Integer, byte[]> byHash = new HashMap<>();
        while (true) {
            byte[] token = new byte[8];
            random.nextBytes(token);
            byte[] other = byHash.put(TokenMap.hash(token, 0, 8), token);
            if (other != null) {
                return new byte[][] {other, token};
            }
        }
    }
}
