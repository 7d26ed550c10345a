/** Programs that know nothing of leafd, written with official client libraries, see no difference to nats-server. */
@NullMarked
package io.leafd.test.tour;

import org.jspecify.annotations.NullMarked;
