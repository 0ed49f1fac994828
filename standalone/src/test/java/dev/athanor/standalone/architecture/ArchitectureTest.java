package dev.athanor.standalone.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The house's rules: dependencies point downwards only, and domain code knows no framework. */
class ArchitectureTest {

    private static final List<String> SERVICES = List.of(
            "ingestion", "preprocessing", "tokenizer", "trainer", "evaluation", "finetune", "inference", "gateway");
    private static final List<String> PLAIN_LIBRARIES =
            List.of("contracts", "artifacts", "tokenizers", "libtorch", "lm");
    /** The Spring shell of a service; {@code service} holds the gateway's transactions around its domain code. */
    private static final Set<String> SHELL = Set.of("web", "messaging", "config", "persistence", "service");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.athanor");

    @Test
    void servicesDoNotKnowEachOther() {
        for (String service : SERVICES) {
            String[] others = SERVICES.stream()
                    .filter(other -> !other.equals(service))
                    .map(other -> "dev.athanor." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.athanor." + service + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .check(CLASSES);
        }
    }

    @Test
    void librariesKnowNoServiceAndNoSpring() {
        String[] services =
                SERVICES.stream().map(s -> "dev.athanor." + s + "..").toArray(String[]::new);
        for (String library : PLAIN_LIBRARIES) {
            noClasses()
                    .that()
                    .resideInAPackage("dev.athanor." + library + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(services)
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.springframework..", "jakarta.persistence..", "org.apache.kafka..")
                    .check(CLASSES);
        }
    }

    @Test
    void domainCodeOfTheServicesKnowsNoFramework() {
        noClasses()
                .that(domain())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..", "jakarta.persistence..", "org.hibernate..", "org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith("org.jspecify.annotations.NullMarked")
                .check(CLASSES);
    }

    /** Classes of a service outside the shell's packages, the application class apart. */
    private static DescribedPredicate<JavaClass> domain() {
        return DescribedPredicate.describe("are domain code of a service", type -> {
            String[] parts = type.getPackageName().split("\\.");
            return parts.length >= 4 && SERVICES.contains(parts[2]) && !SHELL.contains(parts[3]);
        });
    }
}
