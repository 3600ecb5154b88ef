package dev.whyrank.train.annotation;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.train.annotation.StackExchangeDump.Link;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Unlabelled records from a dump: each question with its accepted answer, the answers of questions that it is linked
 * with, and answers to other questions that BM25 takes for good ones.
 */
public final class StackExchangeRecords {

    private final String site;
    private final Settings settings;
    private final Map<Integer, List<Link>> links;
    private final PostIndex index;

    /**
     * What to take.
     *
     * @param questions at most so many, drawn by {@code seed}; 0 for all
     * @param negatives hard negatives of a question
     * @param linked most linked answers of a question
     */
    public record Settings(int questions, int negatives, int linked, long seed) {

        public Settings {
            if (questions < 0 || negatives < 0 || linked < 0) {
                throw new InvalidInputException("numbers of questions and documents must not be negative");
            }
        }
    }

    private StackExchangeRecords(String site, Settings settings, Map<Integer, List<Link>> links, PostIndex index) {
        this.site = site;
        this.settings = settings;
        this.links = links;
        this.index = index;
    }

    /**
     * Reads a dump and writes its records.
     *
     * @param folder has {@code Posts.xml} and {@code PostLinks.xml}; its name becomes the site's
     * @return how many records
     * @throws InvalidInputException naming the file that cannot be used
     */
    public static int write(Path folder, Path out, Settings settings) {
        StackExchangeDump dump = new StackExchangeDump(folder);
        Map<Integer, List<Link>> links = dump.links();
        Set<Integer> chosen = choose(dump, links, settings);
        String site = folder.toAbsolutePath().normalize().getFileName().toString();
        int written = 0;
        try (PostIndex index = new PostIndex(dump);
                Writer writer = Files.newBufferedWriter(out)) {
            StackExchangeRecords records = new StackExchangeRecords(site, settings, links, index);
            for (int id : chosen) {
                Optional<ObjectNode> record = index.find(id).flatMap(records::record);
                if (record.isPresent()) {
                    writer.write(UnlabelledRecord.JSON.writeValueAsString(record.get()));
                    writer.write('\n');
                    written++;
                }
            }
        } catch (IOException e) {
            throw new InvalidInputException(out + " cannot be written: " + e, e);
        }
        if (written == 0) {
            throw new InvalidInputException(folder + " has no question with an accepted or a linked answer");
        }
        return written;
    }

    /** Of the questions that may have a good answer, those whose draws are the lowest. */
    private static Set<Integer> choose(StackExchangeDump dump, Map<Integer, List<Link>> links, Settings settings) {
        record Draw(long number, int id) {}
        TreeSet<Draw> draws =
                new TreeSet<>(Comparator.comparingLong(Draw::number).thenComparingInt(Draw::id));
        RandomGenerator chance = RandomGeneratorFactory.of("L64X128MixRandom").create(settings.seed());
        dump.posts(post -> {
            if (post.isQuestion() && (post.accepted() > 0 || links.containsKey(post.id()))) {
                draws.add(new Draw(chance.nextLong(), post.id()));
                if (settings.questions() > 0 && draws.size() > settings.questions()) {
                    draws.pollLast();
                }
            }
        });
        Set<Integer> ids = new TreeSet<>();
        draws.forEach(draw -> ids.add(draw.id()));
        return ids;
    }

    private Optional<ObjectNode> record(Post question) {
        List<Document> documents = new ArrayList<>();
        Set<Integer> related = new HashSet<>(Set.of(question.id()));
        index.find(question.accepted()).ifPresent(answer -> documents.add(new Document(answer, "accepted")));
        for (Link link : links.getOrDefault(question.id(), List.of())) {
            related.add(link.to());
            answer(link).filter(answer -> fits(answer, documents)).ifPresent(answer -> {
                related.add(answer.parent());
                documents.add(new Document(answer, link.duplicate() ? "duplicate" : "linked"));
            });
        }
        if (documents.isEmpty()) {
            return Optional.empty();
        }
        String words = question.title() + " " + question.body();
        index.search(words, settings.negatives(), related)
                .forEach(answer -> documents.add(new Document(answer, "bm25")));
        return Optional.of(json(question, documents));
    }

    private record Document(Post answer, String source) {}

    private boolean fits(Post answer, List<Document> documents) {
        long linked = documents.stream()
                .filter(document -> !document.source().equals("accepted"))
                .count();
        return linked < settings.linked()
                && documents.stream().noneMatch(document -> document.answer().id() == answer.id());
    }

    /** What a link leads to: an answer, or a question's accepted one. */
    private Optional<Post> answer(Link link) {
        return index.find(link.to())
                .flatMap(post -> post.isQuestion() ? index.find(post.accepted()) : Optional.of(post));
    }

    private ObjectNode json(Post question, List<Document> documents) {
        ObjectNode record = UnlabelledRecord.JSON.createObjectNode();
        record.put("site", site);
        record.putObject("question")
                .put("id", Integer.toString(question.id()))
                .put("title", PostIndex.plain(question.title()))
                .put("body", question.body());
        record.putArray("generated_queries");
        ArrayNode list = record.putArray("documents");
        documents.forEach(document -> list.addObject()
                .put("id", Integer.toString(document.answer().id()))
                .put("source", document.source())
                .put("text", document.answer().body()));
        return record;
    }
}
