package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the arrows of the design, and shows on classes that break them that they can fail. */
class ArchitectureTest {

    private static final JavaClasses WHYRANK = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.whyrank");
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages("dev.whyrank.broken");

    private final ArchitectureRules rules = new ArchitectureRules("dev.whyrank");
    private final ArchitectureRules brokenRules = new ArchitectureRules("dev.whyrank.broken");

    @Test
    void packagesSeeOnlyWhatTheirArrowsPointAt() {
        rules.arrowRules().forEach(rule -> rule.check(WHYRANK));
        assertThat(breaches(brokenRules.arrowRules())).containsExactlyInAnyOrder("SeesGenerate", "SeesApi");
    }

    @Test
    void everyPackageHasItsPlace() {
        rules.everyPackageHasItsPlace().check(WHYRANK);
        ArchRule elsewhere = new ArchitectureRules("dev.whyrank.elsewhere").everyPackageHasItsPlace();
        assertThat(breaches(Stream.of(elsewhere))).contains("Controller", "Machine");
    }

    @Test
    void packagesHaveNoCycles() {
        rules.noCycles().check(WHYRANK);
        assertThat(brokenRules.noCycles().evaluate(BROKEN).getFailureReport().toString())
                .contains("Slice model", "Slice generate", "SeesGenerate");
    }

    @Test
    void observeSeesListenersOnly() {
        rules.observeSeesListenersOnly().check(WHYRANK);
        assertThat(breaches(Stream.of(brokenRules.observeSeesListenersOnly()))).containsExactly("SeesMachine");
    }

    @Test
    void modelIsPlainJava() {
        rules.modelIsPlainJava().check(WHYRANK);
        assertThat(breaches(Stream.of(brokenRules.modelIsPlainJava()))).containsExactly("SeesGenerate");
    }

    @Test
    void tensorsStayInside() {
        rules.tensorsStayInside().check(WHYRANK);
        assertThat(breaches(Stream.of(brokenRules.tensorsStayInside()))).containsExactly("HoldsTensors");
    }

    @Test
    void springStaysOutside() {
        rules.springStaysOutside().check(WHYRANK);
        assertThat(breaches(Stream.of(brokenRules.springStaysOutside()))).containsExactly("SpeaksReactor");
    }

    @Test
    void generateHasNoClockThreadOrChance() {
        rules.generateIsPure().check(WHYRANK);
        assertThat(breaches(Stream.of(brokenRules.generateIsPure())))
                .containsExactlyInAnyOrder("ReadsClock", "ThrowsDice", "StartsThread");
    }

    @Test
    void nothingPrints() {
        rules.nothingPrints().check(WHYRANK);
        assertThat(breaches(Stream.of(brokenRules.nothingPrints()))).containsExactly("Prints");
    }

    @Test
    void packagesAreNullMarked() {
        rules.packagesAreNullMarked().check(WHYRANK);
        assertThat(breaches(Stream.of(brokenRules.packagesAreNullMarked()))).contains("Controller", "Machine");
    }

    /** The simple names of the classes of the broken package that the rules report. */
    private static List<String> breaches(Stream<ArchRule> rules) {
        List<String> details = rules.map(rule -> rule.evaluate(BROKEN))
                .map(EvaluationResult::getFailureReport)
                .flatMap(report -> report.getDetails().stream())
                .toList();
        return BROKEN.stream()
                .filter(type -> details.stream().anyMatch(detail -> isAbout(detail, type.getFullName())))
                .map(type -> type.getSimpleName())
                .toList();
    }

    /** Whether the class is the one that breaks the rule: it is named first. */
    private static boolean isAbout(String detail, String type) {
        int named = detail.indexOf("dev.whyrank.broken.");
        return detail.startsWith(type, named) && !Character.isJavaIdentifierPart(detail.charAt(named + type.length()));
    }
}
