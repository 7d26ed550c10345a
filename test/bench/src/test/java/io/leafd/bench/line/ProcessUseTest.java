package io.leafd.bench.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessUseTest {

    @Test
    void commandWithBlanksDoesNotShiftTheFields() {
        String stat = "42 (a (b) c) S 1 42 42 0 -1 4194304 1 0 0 0 150 50 0 0 20 0 1 0 100 0 0";
        assertThat(ProcessUse.cpuNs(stat)).isEqualTo(2_000_000_000L);
    }

    @Test
    void statusIsInKilobytes() {
        assertThat(ProcessUse.statusBytes("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n", "VmRSS:"))
                .isEqualTo(1024 * 1024);
    }

    @Test
    void linesHaveNamesOfTheirOwn() {
        List<String> names = Lines.all().stream().map(Line::name).toList();
        assertThat(names).doesNotHaveDuplicates().contains("core-4-4-16384", "publish-sync-16", "catch-up");
    }
}
