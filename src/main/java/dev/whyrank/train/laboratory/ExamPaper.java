package dev.whyrank.train.laboratory;

import java.nio.file.Path;

/** The test sets of a laboratory. */
public enum ExamPaper {
    /** Chains as long as in training. */
    TEST,
    /** Chains one link longer. */
    LONGER;

    private static final String EXAMS = "exams";

    /** Its records. */
    public Path records(Path laboratory) {
        return laboratory.resolve(file());
    }

    String file() {
        return this == TEST ? "test.jsonl" : "longer.jsonl";
    }

    /** Where {@code whyrank evaluate} leaves what a model made of it. */
    public Path answers(Path laboratory, Arm arm) {
        return laboratory.resolve(EXAMS).resolve(arm.id() + (this == TEST ? "" : "-longer"));
    }
}
