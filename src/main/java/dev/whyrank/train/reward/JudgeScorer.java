package dev.whyrank.train.reward;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatClient;
import dev.whyrank.rerank.remote.ChatEndpoint;
import dev.whyrank.rerank.remote.ChatPolicy;
import dev.whyrank.rerank.remote.ChatRequest.Message;
import dev.whyrank.train.paid.AskingListener;
import dev.whyrank.train.paid.Paid;
import dev.whyrank.train.paid.PaidAnswers;
import dev.whyrank.train.paid.PaidChat;
import dev.whyrank.train.paid.PaidQuestion;
import dev.whyrank.train.refinement.Answered;
import dev.whyrank.train.refinement.Response;
import dev.whyrank.train.refinement.Scorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Lets a model behind a chat endpoint score each answer. A score that cannot be read is asked for again in the same
 * conversation; an answer that has none after all is left out. Every score is paid for once, however often a run starts.
 *
 * @param endpoint the judge
 * @param policy how patiently it is asked
 * @param journal file of what it said
 * @param listener told how it goes on
 * @param reports told what each round came to
 */
public record JudgeScorer(
        ChatEndpoint endpoint, ChatPolicy policy, Path journal, AskingListener listener, Consumer<JudgeReport> reports)
        implements Scorer {

    /** Asked so often for one score, the first time included. */
    static final int TRIES = 3;

    private static final int MOST_TOKENS = 512;

    /**
     * Scores all answers.
     *
     * @throws InvalidInputException if the judge did not answer all; what it did answer is kept
     */
    @Override
    public List<double[]> rewards(List<Answered> answered) {
        Map<String, Grading> gradings = new LinkedHashMap<>();
        List<List<Grading>> all = answered.stream()
                .map(one -> one.responses().stream()
                        .map(response -> grading(one, response, gradings))
                        .toList())
                .toList();
        try (ChatClient client = new ChatClient(endpoint, policy);
                PaidAnswers paid = PaidAnswers.open(journal)) {
            PaidChat chat = new PaidChat(client, paid, policy.atOnce(), listener);
            settle(gradings.values(), chat, paid);
            reports.accept(new JudgeReport(
                    gradings.size(),
                    chat.asked(),
                    reasons(gradings.values()),
                    client.retries(),
                    paid.spent(),
                    paid.total()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the judge was asked", e);
        }
        return all.stream()
                .map(one -> one.stream().mapToDouble(grading -> grading.score).toArray())
                .toList();
    }

    @Override
    public String name() {
        return endpoint.toString();
    }

    private Grading grading(Answered answered, Response response, Map<String, Grading> gradings) {
        Grading fresh = new Grading(RewardWords.grade(answered.asked(), response));
        return gradings.computeIfAbsent(fresh.question().key(), key -> fresh);
    }

    private void settle(Collection<Grading> gradings, PaidChat chat, PaidAnswers paid) throws InterruptedException {
        int done = (int) gradings.stream()
                .filter(one -> paid.find(one.question().key()) != null)
                .count();
        listener.started(gradings.size(), done);
        try {
            List<Grading> open = new ArrayList<>(gradings);
            for (int i = 0; i < TRIES && !open.isEmpty(); i++) {
                ask(open, chat, paid);
                open.removeIf(one -> one.read(paid));
            }
        } finally {
            listener.ended();
        }
    }

    private void ask(List<Grading> open, PaidChat chat, PaidAnswers paid) throws InterruptedException {
        for (Grading one : open) {
            if (paid.find(one.question().key()) == null) {
                chat.ask(one.question());
            }
        }
        chat.await();
        long missing = open.stream()
                .filter(one -> paid.find(one.question().key()) == null)
                .count();
        if (missing > 0) {
            String why =
                    chat.lastFailure() == null ? "" : "; the judge at " + endpoint.uri() + " " + chat.lastFailure();
            throw new InvalidInputException(missing + " of " + open.size() + " scores are missing" + why
                    + "; what it did answer is kept: start again to go on");
        }
    }

    private static Map<String, Integer> reasons(Collection<Grading> gradings) {
        Map<String, Integer> reasons = new TreeMap<>();
        gradings.stream()
                .filter(one -> Double.isNaN(one.score))
                .forEach(one -> reasons.merge(one.reason, 1, Integer::sum));
        return reasons;
    }

    /** One answer's conversation with the judge. */
    private final class Grading {

        private final List<Message> turns = new ArrayList<>();
        private PaidQuestion question;
        private double score = Double.NaN;
        private String reason = "";

        Grading(Message first) {
            turns.add(first);
            question = PaidQuestion.of(endpoint, turns, List.of(), MOST_TOKENS);
        }

        PaidQuestion question() {
            return question;
        }

        /** Reads what came; false if it is to be asked again, in other words. */
        boolean read(PaidAnswers paid) {
            Paid answer = paid.find(question.key());
            if (answer == null) {
                return true;
            }
            OptionalDouble read = RewardWords.score(answer.text());
            score = read.orElse(Double.NaN);
            reason = answer.whyUnusable();
            if (read.isPresent() || !answer.refusal().isEmpty()) {
                return true;
            }
            turns.addAll(RewardWords.again(answer.text()));
            question = PaidQuestion.of(endpoint, turns, List.of(), MOST_TOKENS);
            return false;
        }
    }
}
