package io.leafd.link;

/** Hears of a link's connections. Called on the control thread, which must not be held up. */
public interface LinkListener {
    /** The link is connected: interest has been told, messages flow. */
    void onUp(UpstreamLink link);

    /** The connection is gone. */
    void onDown(UpstreamLink link);

    /** The upstream has changed what may cross. */
    void onPermissions(UpstreamLink link);

    /** Data waits for the budget's next period now, or does not any more. */
    void onBudget(UpstreamLink link);
}
