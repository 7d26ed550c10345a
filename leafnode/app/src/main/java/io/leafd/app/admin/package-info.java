/**
 * The administrative socket: how the commands of {@code leafd} talk to the leafd that runs. A Unix stream socket, one line of
 * JSON each way. Threads: virtual ones, which block; what they ask for is answered from snapshots or by the control thread.
 */
@NullMarked
package io.leafd.app.admin;

import org.jspecify.annotations.NullMarked;
