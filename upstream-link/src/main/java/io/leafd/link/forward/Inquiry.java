package io.leafd.link.forward;

import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the questions of one {@link Holdings} to one connection. Owned by the store loop. */
final class Inquiry {
    private final Holdings holdings;
    private final Uplink uplink;
    private final String replyPrefix;
    private final Map<String, Holdings.Question> open = new HashMap<>();
    private int asked;

    /**
     * An inquiry.
     *
     * @param replyPrefix answers come to this with a number behind it; never used by another inquiry
     */
    Inquiry(Holdings holdings, Uplink uplink, String replyPrefix) {
        this.holdings = holdings;
        this.uplink = uplink;
        this.replyPrefix = replyPrefix;
    }

    /** Asks what can be asked now. */
    void ask() {
        List<Message> batch = new ArrayList<>();
        Holdings.@Nullable Question question;
        while ((question = holdings.next()) != null) {
            Subject api = Subject.of(uplink.apiPrefix() + "." + question.subject());
            if (!uplink.mayRequest(api)) {
                holdings.answer(question, null);
                continue;
            }
            String reply = replyPrefix + asked++;
            open.put(reply, question);
            batch.add(Message.of(api, question.body()).withReply(Subject.of(reply)));
        }
        if (!batch.isEmpty()) {
            uplink.send(batch);
        }
    }

    /** An answer came to {@code reply}. False if it answers no open question of this inquiry. */
    boolean answer(String reply, Message message) {
        Holdings.Question question = open.remove(reply);
        if (question == null) {
            return false;
        }
        holdings.answer(question, message.payload());
        ask();
        return true;
    }

    Holdings holdings() {
        return holdings;
    }
}
