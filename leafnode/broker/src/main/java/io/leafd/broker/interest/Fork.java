package io.leafd.broker.interest;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A token's place in a {@link Sublist} where more than one filter ends or goes on. Immutable, any thread.
 *
 * <p>What a filter goes on to is another fork or, where no other filter goes on in the same way, the {@link Wishes} of the one that
 * does: a filter takes no place of its own for tokens that tell it from no other.
 *
 * @param token the token that leads here
 * @param children where filters go on with a token
 * @param any where they go on with {@code *}: null, a fork or wishes
 * @param rest the wishes of the filter that goes on with {@code >} and ends
 * @param here the wishes of the filter that ends here
 */
record Fork(
        byte[] token,
        TokenMap children,
        @Nullable Object any,
        @Nullable Wishes rest,
        @Nullable Wishes here) {
    private static final byte[] NO_TOKEN = new byte[0];
    private static final long OWN_BYTES = HeapSize.object(5 * HeapSize.REFERENCE_BYTES);

    /** The top, before the first token. */
    static final Fork ROOT = bare(NO_TOKEN);

    static Fork bare(byte[] token) {
        return new Fork(token, TokenMap.EMPTY, null, null, null);
    }

    Fork withChildren(TokenMap changed) {
        return new Fork(token, changed, any, rest, here);
    }

    Fork withAny(@Nullable Object changed) {
        return new Fork(token, children, changed, rest, here);
    }

    Fork withRest(@Nullable Wishes changed) {
        return new Fork(token, children, any, changed, here);
    }

    Fork withHere(@Nullable Wishes changed) {
        return new Fork(token, children, any, rest, changed);
    }

    /** A bare fork with the wishes of a filter that goes on at {@code at} in its line. */
    Fork with(Wishes wishes, int at) {
        Subscription first = wishes.first();
        if (at > first.filterEnd()) {
            return withHere(wishes);
        }
        if (first.isRest(at)) {
            return withRest(wishes);
        }
        return first.isAny(at)
                ? withAny(wishes)
                : withChildren(children.with(first.line(), at, first.tokenEnd(at), wishes));
    }

    /** What may stand in its place: itself, the only wishes that it leads to, or null if there are none. */
    @Nullable
    Object reduced() {
        if (children.isEmpty()) {
            if (any == null) {
                return rest == null ? here : here == null ? rest : this;
            }
            return rest == null && here == null && any instanceof Wishes ? any : this;
        }
        Object only = any == null && rest == null && here == null ? children.only() : null;
        return only instanceof Wishes ? only : this;
    }

    /** Visits all subscriptions from here on; without recursion, as a filter may have two thousand tokens. */
    void forEach(Consumer<Subscription> visitor) {
        var places = new ArrayDeque<Object>();
        places.push(this);
        while (!places.isEmpty()) {
            Object place = places.pop();
            if (place instanceof Fork fork) {
                fork.pushTo(places);
            } else {
                ((Wishes) place).forEach(visitor);
            }
        }
    }

    private void pushTo(ArrayDeque<Object> places) {
        for (Object place : new @Nullable Object[] {here, rest, any}) {
            if (place != null) {
                places.push(place);
            }
        }
        children.forEach(places::push);
    }

    /** Its own object and token. */
    long heapBytes() {
        return OWN_BYTES + HeapSize.bytes(token.length);
    }
}
