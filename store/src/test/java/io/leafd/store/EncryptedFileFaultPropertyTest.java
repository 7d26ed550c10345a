package io.leafd.store;

import io.leafd.store.crypt.StoreKeys;

/** The same of an encrypted store. */
class EncryptedFileFaultPropertyTest extends FileFaultPropertyTest {
    @Override
    StoreKeys keys() {
        return Stores.keys(1);
    }
}
