package io.pressluft.controlplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.pressluft.controlplane.ssh.HostKeyLook;
import io.pressluft.controlplane.ssh.SshSession;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;
import org.springframework.stereotype.Repository;
import org.springframework.web.bind.annotation.RestController;

/** What no class of the control plane may do. */
@AnalyzeClasses(packages = "io.pressluft.controlplane", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule controllers_are_package_private = classes()
            .that()
            .areAnnotatedWith(RestController.class)
            .or()
            .areAnnotatedWith(Controller.class)
            .should()
            .bePackagePrivate();

    @ArchTest
    static final ArchRule stores_are_package_private = classes()
            .that()
            .areAnnotatedWith(Repository.class)
            .and()
            .haveSimpleNameEndingWith("Store")
            .should()
            .bePackagePrivate();

    @ArchTest
    static final ArchRule time_is_injected = noClasses()
            .that()
            .areNotAssignableTo(ControlPlane.class)
            .and()
            .doNotHaveSimpleName("Purge") // runs before there is an application
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule ssh_is_for_providers_probe_and_provisioning_only = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.pressluft.controlplane.provider..",
                    "io.pressluft.controlplane.readiness..",
                    "io.pressluft.controlplane.provisioning..",
                    "io.pressluft.controlplane.ssh..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.sshd..");

    @ArchTest
    static final ArchRule nobody_else_signs_in_anywhere = noClasses()
            .that()
            .resideOutsideOfPackages("io.pressluft.controlplane.provider..", "io.pressluft.controlplane.ssh..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(SshSession.class, HostKeyLook.class);

    @ArchTest
    static final ArchRule sql_is_written_with_jdbc_client = noClasses()
            .should()
            .dependOnClassesThat()
            .areAssignableTo(JdbcTemplate.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(NamedParameterJdbcTemplate.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.persistence..", "org.hibernate..", "org.springframework.data.jdbc..");

    @ArchTest
    static final ArchRule no_result_keeps_its_connection = noClasses()
            .should()
            .callMethod(JdbcClient.MappedQuerySpec.class, "stream")
            .because("outside of a transaction, a stream that nobody closes keeps a connection of the pool for ever");

    @ArchTest
    static final ArchRule jobs_know_no_other_feature = noClasses()
            .that()
            .resideInAPackage("io.pressluft.controlplane.job..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.pressluft.controlplane.node..",
                    "io.pressluft.controlplane.site..",
                    "io.pressluft.controlplane.environment..",
                    "io.pressluft.controlplane.agent..",
                    "io.pressluft.controlplane.provider..",
                    "io.pressluft.controlplane.account..");

    @ArchTest
    static final ArchRule features_are_free_of_cycles =
            slices().matching("io.pressluft.controlplane.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_agents_code_is_not_used =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("io.pressluft.agent..", "io.pressluft.cli..");
}
