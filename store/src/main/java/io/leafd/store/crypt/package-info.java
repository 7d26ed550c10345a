/**
 * Encryption of records: keys, and the cipher that one thread uses. Knows nothing of the database; only the JDK's own AES.
 */
@NullMarked
package io.leafd.store.crypt;

import org.jspecify.annotations.NullMarked;
