package io.leafd.store.engine;

import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/** Stands between an engine and its database and fails on demand. A reopened engine has a sound disk again. */
public final class FailingDisk implements BatchWriter {
    private final BatchWriter disk;
    private boolean failWrites;
    private boolean failSyncs;

    private FailingDisk(BatchWriter disk) {
        this.disk = disk;
    }

    public static FailingDisk under(Engine engine) {
        FailingDisk[] made = new FailingDisk[1];
        engine.divert(writer -> {
            made[0] = new FailingDisk(writer);
            return made[0];
        });
        return made[0];
    }

    public void failWrites() {
        failWrites = true;
    }

    public void failSyncs() {
        failSyncs = true;
    }

    @Override
    public void write(WriteBatch batch, boolean sync) throws RocksDBException {
        if (failWrites) {
            throw new RocksDBException(
                    new Status(Status.Code.IOError, Status.SubCode.NoSpace, "No space left on device"));
        }
        if (sync && failSyncs) {
            disk.write(batch, false); // as a disk does it: written, perhaps, but nobody knows
            throw new RocksDBException(new Status(Status.Code.IOError, Status.SubCode.None, "While fdatasync"));
        }
        disk.write(batch, sync);
    }

    @Override
    public void sync() throws RocksDBException {
        if (failSyncs) {
            throw new RocksDBException(new Status(Status.Code.IOError, Status.SubCode.None, "While fdatasync"));
        }
        disk.sync();
    }
}
