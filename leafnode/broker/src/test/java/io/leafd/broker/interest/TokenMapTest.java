package io.leafd.broker.interest;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenMapTest {
    private record Client(Kind kind) implements Receiver {
        @Override
        public boolean deliver(Subscription subscription, Delivery delivery) {
            return true;
        }
    }

    /** A place for a token: a subscription whose filter is that token alone. */
    private static Subscription place(byte[] token) {
        return new Subscription(
                new Client(Receiver.Kind.CLIENT), Subject.copyOf(token, 0, token.length), null, new byte[0], 1);
    }

    private static TokenMap with(TokenMap map, Subscription place) {
        return map.with(place.line(), Subscription.FILTER_AT, place.filterEnd(), place);
    }

    private static TokenMap without(TokenMap map, Subscription place) {
        return map.with(place.line(), Subscription.FILTER_AT, place.filterEnd(), null);
    }

    private static @Nullable Object get(TokenMap map, byte[] token) {
        return map.get(token, 0, token.length, Subscription.FILTER_AT);
    }

    @Test
    void itBehavesLikeAMap() {
        var random = new Random(5);
        Map<String, Subscription> model = new HashMap<>();
        TokenMap map = TokenMap.EMPTY;
        for (int step = 0; step < 100_000; step++) {
            String token = "t" + random.nextInt(3_000);
            byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
            Subscription place = place(bytes);
            if (random.nextInt(3) == 0) {
                model.remove(token);
                map = without(map, place);
            } else {
                model.put(token, place);
                map = with(map, place);
            }
            assertThat(get(map, bytes)).isSameAs(model.get(token));
        }
        Set<Object> seen = new HashSet<>();
        map.forEach(seen::add);
        assertThat(seen).isEqualTo(Set.copyOf(model.values()));
    }

    @Test
    void forksAreFoundByTheirTokens() {
        TokenMap map = TokenMap.EMPTY;
        Map<String, Object> model = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            String token = "t" + i;
            byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
            Subscription wishes = place(bytes);
            Object place = i % 2 == 0 ? Fork.bare(bytes) : wishes;
            map = map.with(wishes.line(), Subscription.FILTER_AT, wishes.filterEnd(), place);
            model.put(token, place);
        }
        for (Map.Entry<String, Object> entry : model.entrySet()) {
            assertThat(get(map, entry.getKey().getBytes(StandardCharsets.UTF_8)))
                    .isSameAs(entry.getValue());
        }
    }

    @Test
    void tokensWhoseHashesAreEqualAreToldApart() {
        Subscription[] same = placesOfOneHash();
        TokenMap map = TokenMap.EMPTY;
        for (Subscription place : same) {
            map = with(map, place);
        }
        for (Subscription place : same) {
            assertThat(get(map, place.filter().bytes())).isSameAs(place);
        }
        assertThat(map.heapBytes()).isEqualTo(pathBytes(map, same[0])).isEqualTo(pathBytes(map, same[1]));
        map = without(map, same[0]);
        assertThat(get(map, same[0].filter().bytes())).isNull();
        assertThat(get(map, same[1].filter().bytes())).isSameAs(same[1]);
        map = without(map, same[1]);
        assertThat(map.isEmpty()).isTrue();
    }

    private static long pathBytes(TokenMap map, Subscription place) {
        return map.pathBytes(place.line(), Subscription.FILTER_AT, place.filterEnd());
    }

    /** Two places whose tokens have one hash, found by search: eight random bytes collide soon enough in 32 bits. */
    private static Subscription[] placesOfOneHash() {
        var random = new Random(9);
        Map<Integer, byte[]> byHash = new HashMap<>();
        while (true) {
            byte[] token = new byte[8];
            random.nextBytes(token);
            for (int i = 0; i < token.length; i++) {
                token[i] = (byte) ('a' + (token[i] & 15)); // no dot
            }
            byte[] other = byHash.put(TokenMap.hash(token, 0, 8), token);
            if (other != null && !Arrays.equals(other, token)) {
                return new Subscription[] {place(other), place(token)};
            }
        }
    }
}
