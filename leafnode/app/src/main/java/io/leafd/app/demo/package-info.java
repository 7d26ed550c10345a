/**
 * {@code leafd demo}: two real leafd processes, the network between them, sensors, and the account of what arrived. The main
 * thread tells the story and draws; one thread is the sensors; connections and the network have virtual threads of their own.
 * Everything it makes lies in one temporary directory and ends with it.
 */
@NullMarked
package io.leafd.app.demo;

import org.jspecify.annotations.NullMarked;
