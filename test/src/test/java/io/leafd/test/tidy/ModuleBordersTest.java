package io.leafd.test.tidy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Modules point one way, and each large library is known to one module. Maven enforces the first between its modules; here it also
 * holds for what comes over a transitive dependency.
 */
class ModuleBordersTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/io/leafd/test/"))
            .importPackages("io.leafd");

    @Test
    void modulesPointOneWay() {
        Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("protocol")
                .definedBy("io.leafd.protocol..")
                .layer("security")
                .definedBy("io.leafd.security..")
                .layer("store")
                .definedBy("io.leafd.store..")
                .layer("broker")
                .definedBy("io.leafd.broker..")
                .layer("jetstream")
                .definedBy("io.leafd.jetstream..")
                .layer("link")
                .definedBy("io.leafd.link..")
                .layer("http")
                .definedBy("io.leafd.http..")
                .layer("systemd")
                .definedBy("io.leafd.systemd..")
                .layer("app")
                .definedBy("io.leafd.app..")
                .whereLayer("protocol")
                .mayNotAccessAnyLayer()
                .whereLayer("security")
                .mayNotAccessAnyLayer()
                .whereLayer("systemd")
                .mayNotAccessAnyLayer()
                .whereLayer("store")
                .mayOnlyAccessLayers("protocol")
                .whereLayer("broker")
                .mayOnlyAccessLayers("protocol", "security")
                .whereLayer("jetstream")
                .mayOnlyAccessLayers("protocol", "broker", "store")
                .whereLayer("link")
                .mayOnlyAccessLayers("protocol", "security", "broker", "jetstream", "store")
                .whereLayer("http")
                .mayOnlyAccessLayers("protocol", "security", "broker", "jetstream", "link", "store")
                .whereLayer("app")
                .mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }

    @ParameterizedTest
    @CsvSource({
        "org.rocksdb.., io.leafd.store..",
        "org.bouncycastle.., io.leafd.security..",
        "net.i2p.., io.leafd.security..",
        "org.tomlj.., io.leafd.app..",
        "picocli.., io.leafd.app..",
    })
    void libraryIsKnownToOneModule(String library, String module) {
        noClasses()
                .that()
                .resideOutsideOfPackage(module)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    /** The eddsa library takes changed signatures for good ones (CVE-2020-36843): it signs, and never verifies. */
    @Test
    void eddsaOnlySigns() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.leafd.security.nkey.NkeySeed")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.i2p.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.leafd.security.nkey..")
                .should()
                .callMethodWhere(JavaCall.Predicates.target(HasOwner.Predicates.With.owner(
                                JavaClass.Predicates.assignableTo("java.security.Signature")))
                        .and(JavaCall.Predicates.target(HasName.Predicates.nameMatching("(initV|v)erify.*")))));
    }

    @Test
    void channelsAreKnownToTheNetworkPackages() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.leafd.broker.net..", "io.leafd.link.net..", "io.leafd.http..", "io.leafd.app.run..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.bootstrap..")
                .check(CLASSES);
    }

    @Test
    void packagesOfAModuleHaveNoCycles() {
        for (String module : new String[] {"protocol", "security", "broker", "link", "app"}) {
            slices().matching("io.leafd." + module + ".(**)")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    @Test
    void nobodySleepsOrPrints() {
        check(noClasses().should().callMethod(Thread.class, "sleep", long.class));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.leafd.app..", "io.leafd.systemd..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err"));
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.leafd.app")
                .should()
                .callMethod(System.class, "exit", int.class));
    }

    @Test
    void timeComesFromAClock() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.leafd.protocol..", "io.leafd.store..", "io.leafd.jetstream..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now"));
    }

    @Test
    void stateHasOneOwnerAndNoLock() {
        methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(
                        "io.leafd.broker..",
                        "io.leafd.store..",
                        "io.leafd.jetstream..",
                        "io.leafd.link..",
                        "io.leafd.protocol..")
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED)
                .check(CLASSES);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }
}
