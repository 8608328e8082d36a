package io.tally;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.stereotype.Component;

/** Think hard before you change a rule here: because of these layers, exactness can be tested without a broker. */
class ArchitectureTest {
    private static final String[] JDK_ONLY = {"java..", "org.jspecify.annotations"};

    private static final JavaClasses TALLY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tally");

    @Test
    void dependenciesHaveOneDirection() {
        assertThat(TALLY).isNotEmpty();
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("command")
                .definedBy("io.tally.command..")
                .layer("config")
                .definedBy("io.tally.config..")
                .layer("kafka")
                .definedBy("io.tally.kafka..")
                .layer("plan")
                .definedBy("io.tally.plan..")
                .layer("observe")
                .definedBy("io.tally.observe..")
                .layer("page")
                .definedBy("io.tally.page..")
                .layer("pipeline")
                .definedBy("io.tally.pipeline..")
                .layer("codec")
                .definedBy("io.tally.codec..")
                .layer("checkpoint")
                .definedBy("io.tally.checkpoint..")
                .layer("testkit")
                .definedBy("io.tally.testkit..")
                .layer("engine")
                .definedBy("io.tally.engine..")
                .layer("window")
                .definedBy("io.tally.window..")
                .layer("aggregate")
                .definedBy("io.tally.aggregate..")
                .layer("heap")
                .definedBy("io.tally.heap..")
                .layer("setting")
                .definedBy("io.tally.setting..")
                .whereLayer("command")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("config")
                .mayOnlyBeAccessedByLayers("command")
                .whereLayer("kafka")
                .mayOnlyBeAccessedByLayers("config", "command")
                .whereLayer("plan")
                .mayOnlyBeAccessedByLayers("config", "kafka", "command")
                .whereLayer("observe")
                .mayOnlyBeAccessedByLayers("config")
                .whereLayer("page")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("page")
                .mayOnlyAccessLayers("pipeline", "checkpoint")
                .whereLayer("pipeline")
                .mayOnlyBeAccessedByLayers("config", "plan", "kafka", "observe", "page", "command")
                .whereLayer("codec")
                .mayOnlyBeAccessedByLayers("config", "kafka", "pipeline", "command")
                .whereLayer("testkit")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("testkit")
                .mayOnlyAccessLayers("aggregate")
                .whereLayer("checkpoint")
                .mayOnlyAccessLayers("engine", "aggregate", "window", "heap")
                .whereLayer("engine")
                .mayOnlyAccessLayers("aggregate", "window", "heap")
                .whereLayer("aggregate")
                .mayOnlyAccessLayers("heap")
                .whereLayer("window")
                .mayNotAccessAnyLayer()
                .whereLayer("heap")
                .mayNotAccessAnyLayer()
                .whereLayer("setting")
                .mayNotAccessAnyLayer()
                .check(TALLY);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.tally.(**)").should().beFreeOfCycles().check(TALLY);
    }

    @Test
    void whatWindowsAreMadeOfKnowsOnlyTheJdk() {
        String[] core = {
            "io.tally.heap..",
            "io.tally.setting..",
            "io.tally.window..",
            "io.tally.aggregate",
            "io.tally.aggregate.exact..",
            "io.tally.engine..",
            "io.tally.checkpoint.."
        };
        classes()
                .that(are(resideInAnyPackage(core)))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(JDK_ONLY).or(resideInAnyPackage(core)))
                .check(TALLY);
    }

    @Test
    void sketchesKnowNoFramework() {
        classes()
                .that(are(resideInAnyPackage("io.tally.aggregate.sketch..", "io.tally.testkit..")))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(JDK_ONLY)
                        .or(resideInAnyPackage("io.tally..", "com.dynatrace.hash4j..", "com.datadoghq.sketch..")))
                .check(TALLY);
    }

    @Test
    void codecAndPipelineKnowNoFramework() {
        classes()
                .that(are(resideInAnyPackage("io.tally.codec..", "io.tally.pipeline..")))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(JDK_ONLY)
                        .or(resideInAnyPackage("io.tally..", "org.slf4j..", "tools.jackson..")))
                .check(TALLY);
    }

    @Test
    void onlyTheEdgeKnowsKafka() {
        noClasses()
                .that(are(resideInAnyPackage("io.tally.kafka..", "io.tally.config.."))
                        .negate()
                        .and(resideInAPackage("io.tally..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka.."))
                .check(TALLY);
    }

    @Test
    void theCoreReadsNoClock() {
        noClasses()
                .that(are(resideInAnyPackage(
                        "io.tally.window..",
                        "io.tally.aggregate..",
                        "io.tally.engine..",
                        "io.tally.checkpoint..",
                        "io.tally.codec..",
                        "io.tally.pipeline..",
                        "io.tally.plan..")))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(TALLY);
    }

    /** The application finds beans only in classes with this ending. */
    @Test
    void configurationsAreNamedSo() {
        classes()
                .that()
                .areMetaAnnotatedWith(Component.class)
                .and()
                .areNotAnnotatedWith(SpringBootConfiguration.class)
                .should()
                .haveSimpleNameEndingWith("Configuration")
                .check(TALLY);
    }

    /** {@code ./mvnw spring-boot:test-run} runs the one that it finds. */
    @Test
    void theDemoIsTheOnlyMainClassAmongTheTests() {
        List<String> mains = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS).importPackages("io.tally").stream()
                        .filter(type ->
                                type.tryGetMethod("main", String[].class).isPresent())
                        .map(JavaClass::getName)
                        .toList();
        assertThat(mains).containsExactly("io.tally.TestTallyApplication");
    }

    /** {@code spring-boot:test-run} would run that one, too, and there would be no demo. */
    @Test
    void noMainClassIsNamedForAllGoals() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml"))).doesNotContain("<start-class>", "spring-boot.run.main-class");
    }

    @Test
    void fieldsAreNotInjected() {
        fields().should().notBeAnnotatedWith(Autowired.class).check(TALLY);
    }
}
