/** leafd as a leaf node of the real nats-server, over networks that break. */
@NullMarked
package io.leafd.test.link;

import org.jspecify.annotations.NullMarked;
