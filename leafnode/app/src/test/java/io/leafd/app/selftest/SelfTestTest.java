package io.leafd.app.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    @Test
    void aMachineThatCanRunLeafdPassesEveryStep() throws IOException, InterruptedException {
        List<String> steps = new ArrayList<>();
        SelfTest.run(steps::add);
        assertThat(steps).hasSize(8).last().isEqualTo("a restart finds all of it again");
    }
}
