package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of gaps names scenarios that exist: a renamed one would otherwise be a gap for ever. */
class ConformanceGapsTest {

    @Test
    void everyGapIsAScenario() {
        Set<String> scenarios = new ClassFileImporter()
                .importPackages("io.leafd.test").stream()
                        .filter(type -> type.isAnnotatedWith(Conformance.class))
                        .map(JavaClass::getMethods)
                        .flatMap(Set::stream)
                        .map(method -> method.getOwner().getSimpleName() + "." + method.getName())
                        .collect(Collectors.toSet());
        assertThat(ConformanceGaps.all())
                .allSatisfy(gap -> assertThat(scenarios).contains(gap.replaceFirst("#\\d+$", "")));
    }
}
