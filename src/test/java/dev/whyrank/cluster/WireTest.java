package dev.whyrank.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.RerankRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes over the wire comes back as it was. */
class WireTest {

    private static final TaskMessage TASK = new TaskMessage(
            "t",
            "g",
            "r",
            Lane.BULK,
            1,
            "Größe \"😀\" \u0000?",
            null,
            true,
            100,
            Integer.MAX_VALUE,
            false,
            List.of(new TaskMessage.Text(3, "a\nb"), new TaskMessage.Text(9, "")),
            123_456_789_012L,
            250L);

    static Judgement judgement(String explanation, double probability) {
        return new Judgement(
                explanation,
                2,
                List.of(0, 1, 2),
                List.of(probability, Math.nextUp(0.1), 1e-300),
                Math.PI / 4,
                Judgement.LabelSource.FORCED,
                Judgement.Ending.DEADLINE,
                true,
                new Judgement.Usage(1, 2, 3));
    }

    @Test
    void carriesTasks() {
        assertThat(Wire.read(Wire.write(TASK), TaskMessage.class)).isEqualTo(TASK);
        TaskMessage plain = TASK.again(2, null);
        assertThat(Wire.read(Wire.write(plain), TaskMessage.class)).isEqualTo(plain);
    }

    @Test
    void carriesEveryEventToTheLastBit() {
        Report report = new Report(
                "t",
                Lane.INTERACTIVE,
                "1-2",
                new Run(3, "x"),
                List.of(
                        new TaskEvent.Begun(List.of("w")),
                        new TaskEvent.Started(1, 2, 3, true),
                        new TaskEvent.Delta(1, 4, "é😀\u2028"),
                        new TaskEvent.Judged(1, judgement("é", 1.0 / 3)),
                        new TaskEvent.Failed(2, ErrorCode.ENGINE_FAILURE, "m"),
                        new TaskEvent.Withdrawn(3),
                        new TaskEvent.Refused(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "long")));
        assertThat(Wire.read(Wire.write(report), Report.class)).isEqualTo(report);
    }

    @Test
    void carriesCardsAndIgnoresWhatNewerVersionsAdd() {
        ModelCard card = new ModelCard("m", ExplanationKind.EVIDENCE, List.of(0, 1), List.of("no", "yes"), 512, "");
        String newer = Wire.write(card).replaceFirst("\\{", "{\"later\":{\"a\":[1]},");
        assertThat(Wire.read(newer, ModelCard.class)).isEqualTo(card);
    }

    @Test
    void keepsDocumentsAtTheirPlaces() {
        RerankRequest request = TASK.asRequest();
        assertThat(TASK.indices()).containsExactly(3, 9);
        assertThat(request.candidates()).hasSize(10);
        assertThat(request.candidates().get(3).text()).isEqualTo("a\nb");
        assertThat(request.options().truncate()).isFalse();
    }
}
