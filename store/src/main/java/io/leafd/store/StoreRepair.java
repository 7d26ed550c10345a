package io.leafd.store;

import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.engine.Engine;
import io.leafd.store.files.LostFiles;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Repairs a store that nobody has open: opens and closes it, which is what a start of leafd does. Pure functions. */
public final class StoreRepair {
    private StoreRepair() {}

    /**
     * Repairs a store.
     *
     * @param keys those of its key file, none if it is not encrypted
     * @return what was found and put right, a sentence each; empty if nothing was wrong
     * @throws StoreException.Unusable if the directory is no store, in use, or needs another key
     */
    public static List<String> run(Path directory, StoreKeys keys) throws IOException {
        FormatFile.problem(directory, Engine.present(directory.resolve(Store.DATABASE))); // refuses what is no store
        var lost = new LostFiles(directory);
        int before = lost.report().size();
        Store.open(StoreConfig.of(directory).with(keys), System::nanoTime).close();
        List<String> after = lost.report();
        return after.subList(before, after.size());
    }
}
