package io.leafd.store;

import io.leafd.store.crypt.StoreKeys;

/** An encrypted store loses no more than another one, and says so as exactly. */
class EncryptedStoreDamageTest extends StoreDamageTest {
    @Override
    StoreKeys keys() {
        return Stores.keys(1);
    }
}
