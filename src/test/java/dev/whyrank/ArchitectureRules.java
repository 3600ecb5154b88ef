package dev.whyrank;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The architecture as rules, for packages below any root so that they can be shown to fail. A package that does not
 * exist yet breaks nothing; a package that no rule knows does.
 */
final class ArchitectureRules {

    /** Packages of each kind, below the root: what each may see, besides itself, of Whyrank. */
    private static final Map<String, Set<String>> ARROWS = arrows();

    private static final Set<Class<?>> CLOCKS_THREADS_CHANCE = Set.of(
            Clock.class,
            Instant.class,
            Thread.class,
            ThreadLocal.class,
            LockSupport.class,
            Executor.class,
            Timer.class,
            RandomGenerator.class);

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    private static Map<String, Set<String>> arrows() {
        Map<String, Set<String>> arrows = new LinkedHashMap<>();
        arrows.put("model", Set.of());
        arrows.put("generate", Set.of("model"));
        arrows.put("tokenize", Set.of("model"));
        arrows.put("model.torch", Set.of("model"));
        arrows.put("checkpoint", Set.of("model", "model.torch", "tokenize"));
        arrows.put("rerank", Set.of("model", "generate", "tokenize"));
        arrows.put("rerank.remote", Set.of("model", "generate", "tokenize", "rerank"));
        arrows.put("rerank.cache", Set.of("model", "rerank"));
        arrows.put("batch", Set.of("rerank"));
        Set<String> service = Set.of("model", "generate", "tokenize", "rerank");
        arrows.put("cluster", and(service, "rerank.cache", "batch"));
        arrows.put("evaluate", service);
        arrows.put("api", service);
        arrows.put("api.compat", Set.of("model", "generate", "tokenize", "rerank", "api"));
        arrows.put("api.batch", and(service, "api", "batch"));
        arrows.put(
                "train",
                Set.of("model", "generate", "tokenize", "rerank", "rerank.remote", "model.torch", "checkpoint"));
        Set<String> training = Set.of("model", "generate", "tokenize", "rerank", "model.torch", "checkpoint");
        arrows.put("train.tuning", training);
        Set<String> asking = Set.of("model", "generate", "tokenize", "rerank", "rerank.remote");
        arrows.put("train.paid", asking);
        arrows.put("train.annotation", and(asking, "train.paid"));
        arrows.put("train.refinement", and(training, "train.tuning"));
        arrows.put("train.reward", and(training, "rerank.remote", "train.paid", "train.tuning", "train.refinement"));
        arrows.put("train.laboratory", and(training, "train.tuning", "train.refinement"));
        arrows.put("load", Set.of());
        // Of rerank it is the admission that a simulation shares with the service.
        arrows.put("simulate", Set.of("model", "generate", "rerank"));
        arrows.put("observe", Set.of("model", "generate", "rerank", "cluster"));
        arrows.put("cli", commands(arrows.keySet()));
        return arrows;
    }

    private static Set<String> and(Set<String> packages, String... more) {
        return Stream.concat(packages.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    /** The commands put everything to work, except the HTTP side: that is the root's. */
    private static Set<String> commands(Set<String> packages) {
        return Set.copyOf(
                packages.stream().filter(name -> !name.startsWith("api")).toList());
    }

    /** Each package sees only what its arrows point at; hence nothing sees api, cli or the root. */
    Stream<ArchRule> arrowRules() {
        return ARROWS.entrySet().stream().map(arrow -> {
            String[] seen = Stream.concat(Stream.of(arrow.getKey()), arrow.getValue().stream())
                    .map(this::name)
                    .toArray(String[]::new);
            return classes()
                    .that()
                    .resideInAPackage(name(arrow.getKey()))
                    .should()
                    .onlyDependOnClassesThat(resideOutsideOfPackage(root + "..").or(resideInAnyPackage(seen)))
                    .as(arrow.getKey() + " sees of Whyrank only " + arrow.getValue())
                    .allowEmptyShould(true);
        });
    }

    /** A new package has to be given its arrows before it can be used. */
    ArchRule everyPackageHasItsPlace() {
        String[] known = Stream.concat(Stream.of(root), ARROWS.keySet().stream().map(this::name))
                .toArray(String[]::new);
        return classes().should().resideInAnyPackage(known).as("every package has its place in the design");
    }

    ArchRule noCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
    }

    /** Besides types that only carry data, observe is told things and asks for nothing. */
    ArchRule observeSeesListenersOnly() {
        DescribedPredicate<JavaClass> told = describe(
                "listeners and observers, or the data they are told",
                type -> type.getSimpleName().endsWith("Listener")
                        || type.getSimpleName().endsWith("Observer")
                        || type.isRecord()
                        || type.isEnum()
                        || type.getFullName().startsWith(root + ".rerank.RerankEvent")
                        || type.isAssignableTo(root + ".model.InvalidInputException"));
        return classes()
                .that()
                .resideInAPackage(name("observe.."))
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(root + "..")
                        .or(resideInAnyPackage(name("observe..")))
                        .or(told))
                .allowEmptyShould(true);
    }

    ArchRule modelIsPlainJava() {
        return classes()
                .that()
                .resideInAPackage(name("model"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(root + "..", "java..", "org.jspecify..")
                .allowEmptyShould(true);
    }

    ArchRule tensorsStayInside() {
        return outside("model.torch..", "train..", "tokenize..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl..")
                .allowEmptyShould(true);
    }

    ArchRule springStaysOutside() {
        return noClasses()
                .that(not(resideInAnyPackage(root))
                        .and(not(resideInAnyPackage(
                                names("api..", "cluster..", "observe..", "cli..", "rerank.remote..")))))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "reactor..")
                .allowEmptyShould(true);
    }

    /** Time and chance are arguments in generate; the engine class alone has a thread and a clock. */
    ArchRule generateIsPure() {
        DescribedPredicate<JavaClass> impure = describe(
                "clocks, threads or sources of chance",
                type -> CLOCKS_THREADS_CHANCE.stream().anyMatch(type::isAssignableTo));
        DescribedPredicate<JavaCall<?>> impureCall = describe("ask for the time or for chance", call -> {
            CodeUnitCallTarget target = call.getTarget();
            return switch (target.getOwner().getFullName()) {
                case "java.lang.System" ->
                    target.getName().equals("nanoTime") || target.getName().equals("currentTimeMillis");
                case "java.lang.Math" -> target.getName().equals("random");
                case "java.util.UUID" -> target.getName().equals("randomUUID");
                default -> false;
            };
        });
        return noClasses()
                .that()
                .resideInAPackage(name("generate.."))
                .and(describe("are not the engine", type -> !isEngine(type)))
                .should()
                .dependOnClassesThat(impure)
                .orShould()
                .callCodeUnitWhere(impureCall)
                .allowEmptyShould(true);
    }

    ArchRule nothingPrints() {
        return noClasses().should(ACCESS_STANDARD_STREAMS).as("no class uses standard streams");
    }

    ArchRule packagesAreNullMarked() {
        return classes().should(new ArchCondition<>("be in a package that is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                JavaPackage owner = type.getPackage();
                boolean marked = owner.isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getFullName() + " in " + owner.getName()));
            }
        });
    }

    private GivenClassesConjunction outside(String... packages) {
        return noClasses().that(not(resideInAnyPackage(names(packages))));
    }

    private boolean isEngine(JavaClass type) {
        String engine = name("generate.GenerationEngine");
        return type.getFullName().equals(engine) || type.getFullName().startsWith(engine + "$");
    }

    private String[] names(String... packages) {
        return Arrays.stream(packages).map(this::name).toArray(String[]::new);
    }

    private String name(String relative) {
        return root + "." + relative;
    }
}
