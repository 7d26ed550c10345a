package io.leafd.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopyrightTest {
    private static final Copyright COPYRIGHT = new Copyright("""
            Format: 1.0

            Files: *
            Copyright: us
            License: Apache-2.0

            Files: lib/a-*.jar
              lib/b.so
            License: Expat and BSD-3-clause

            Files: run/*
            License: GPL-2 with Classpath exception

            License: Expat
             Permission
            """);

    @Test
    void theLastParagraphThatNamesAFileHolds() {
        assertThat(COPYRIGHT.licenseOf("bin/x")).isEqualTo("Apache-2.0");
        assertThat(COPYRIGHT.licenseOf("lib/a-1.0.jar")).isEqualTo("MIT AND BSD-3-Clause");
        assertThat(COPYRIGHT.licenseOf("lib/b.so")).isEqualTo("MIT AND BSD-3-Clause");
        assertThat(COPYRIGHT.licenseOf("lib/bxso")).isEqualTo("Apache-2.0");
        assertThat(COPYRIGHT.licenseOf("run/deep/modules")).isEqualTo("GPL-2.0-only WITH Classpath-exception-2.0");
    }
}
