/** A NATS client for what leafd does with another leafd: its demo and its self-test. */
@NullMarked
package io.leafd.app.client;

import org.jspecify.annotations.NullMarked;
