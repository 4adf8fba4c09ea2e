package org.proxymachine;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.format.DateTimeFormatter;
import java.util.Calendar;
import java.util.Date;
import org.junit.jupiter.api.Test;

/** Imports run one way, as ARCHITECTURE.md says. */
class RoomsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // Compiled elsewhere than by Maven.
            .withImportOption(location -> !location.contains("/test/"))
            .importPackages("org.proxymachine");

    @Test
    void shouldKnowOnlyTheRoomsBelow() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("cli")
                .definedBy("org.proxymachine.cli")
                .layer("server")
                .definedBy("org.proxymachine.server")
                .layer("session")
                .definedBy("org.proxymachine.session")
                .layer("route")
                .definedBy("org.proxymachine.route")
                .layer("script")
                .definedBy("org.proxymachine.script")
                .layer("sniff")
                .definedBy("org.proxymachine.sniff")
                .layer("reactor")
                .definedBy("org.proxymachine.reactor")
                .layer("service")
                .definedBy("org.proxymachine.service")
                .layer("observe")
                .definedBy("org.proxymachine.observe")
                .layer("proof")
                .definedBy("org.proxymachine.proof")
                .layer("admin")
                .definedBy("org.proxymachine.admin")
                .layer("address")
                .definedBy("org.proxymachine.address")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("admin")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("server")
                .mayOnlyBeAccessedByLayers("cli", "admin")
                .whereLayer("service")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("observe")
                .mayOnlyBeAccessedByLayers("cli", "admin")
                .whereLayer("proof")
                .mayOnlyBeAccessedByLayers("cli", "observe", "admin")
                .whereLayer("script")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("cli", "server", "observe", "admin")
                .whereLayer("sniff")
                .mayOnlyBeAccessedByLayers("cli", "session", "script")
                .whereLayer("reactor")
                .mayOnlyBeAccessedByLayers("cli", "server", "session", "service", "admin")
                .check(CLASSES);
    }

    @Test
    void shouldKeepEachLibraryInItsRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.proxymachine.script")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("javax.script..", "groovy..", "org.codehaus.groovy..", "org.apache.groovy..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("org.proxymachine.cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("org.proxymachine.admin")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.jetty..", "io.prometheus..")
                .check(CLASSES);
    }

    @Test
    void shouldEndTheProcessOnlyInCli() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.proxymachine.cli")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(CLASSES);
    }

    /** What scripts and libraries are told is the same everywhere: some locales have other digits, or another case of i. */
    @Test
    void shouldWriteWhateverTheLocale() {
        noClasses()
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(String.class, "toLowerCase")
                .orShould()
                .callMethod(String.class, "toUpperCase")
                .orShould()
                .callMethod(DateTimeFormatter.class, "ofPattern", String.class)
                .orShould()
                .callMethod(PrintStream.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintStream.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
                .orShould()
                .callMethod(PrintWriter.class, "format", String.class, Object[].class)
                .orShould()
                .dependOnClassesThat()
                .haveSimpleName("Formatter")
                .check(CLASSES);
    }

    // Somebody may set the wall clock, so that what is measured by it is wrong: it is for what people read.
    @Test
    void shouldReadTheWallClockOnlyToTellPeopleTheTime() {
        noClasses()
                .that()
                .haveNameNotMatching("org\\.proxymachine\\.(cli\\.Daemon|observe\\.AccessLog|proof\\.Recorder)")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethodWhere(target(owner(resideInAPackage("java.time")))
                        .and(target(nameMatching("now|system|systemUTC|tick.*"))))
                .orShould()
                .callConstructor(Date.class)
                .orShould()
                .callMethod(Calendar.class, "getInstance")
                .check(CLASSES);
    }
}
