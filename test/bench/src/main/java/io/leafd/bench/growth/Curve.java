package io.leafd.bench.growth;

import io.leafd.bench.line.Bed;
import io.leafd.bench.line.Contender;
import java.util.List;

/** One figure at growing sizes of something. */
interface Curve {
    /** Its name, also of its file: {@code clients}. */
    String name();

    /** What is counted along the x axis. */
    String sizeText();

    /** The sizes, growing. */
    List<Long> sizes();

    /** Starts a server, brings it to the size, loads it, and returns what it cost. */
    Cost cost(Contender contender, Bed bed, long size);

    /**
     * What a message cost at one size.
     *
     * @param cpuUs processor time of the server per message, in microseconds
     * @param residentMb memory of the server at the end, in megabytes
     */
    record Cost(double cpuUs, double residentMb) {}
}
