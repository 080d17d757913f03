package io.pressluft.controlplane;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** What no test may do. */
@AnalyzeClasses(packages = "io.pressluft", importOptions = ImportOption.OnlyIncludeTests.class)
class TestDisciplineTest {

    @ArchTest
    static final ArchRule nothing_of_ours_is_mocked = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.mockito..", "org.easymock..", "mockit..", "org.powermock..");

    @ArchTest
    static final ArchRule names_are_sentences =
            methods().that().areAnnotatedWith(Test.class).should().haveNameMatching("[a-z0-9]+(_[a-z0-9]+)+");

    @ArchTest
    static final ArchRule no_test_is_switched_off =
            methods().that().areAnnotatedWith(Test.class).should().notBeAnnotatedWith(Disabled.class);
}
