package io.pressluft.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.pressluft.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule agent_is_framework_free = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "jakarta..", "io.micronaut..", "io.quarkus..");

    @ArchTest
    static final ArchRule agent_runs_on_its_own_runtime = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.pressluft.agent..",
                    "io.pressluft.protocol..",
                    "io.grpc..",
                    "com.google.protobuf..",
                    "com.grack.nanojson..",
                    "org.jspecify.annotations..",
                    "java..");

    @ArchTest
    static final ArchRule nothing_sleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule jobs_know_nothing_of_the_network = noClasses()
            .that()
            .resideInAnyPackage("..agent.job..", "..agent.run..", "..agent.disk..", "..agent.time..", "..agent.facts..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "..agent.link..", "io.pressluft.protocol.v1..");

    @ArchTest
    static final ArchRule time_is_injected = noClasses()
            .that()
            .doNotHaveSimpleName("Main")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now");
}
