package dev.whyrank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.remote.FakeChat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnnotateCommandTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String GOOD = "It says so.\n\nRelevance Label: 2 ##";
    private static final String KEY = "sk-hidden-key";

    @TempDir
    private Path folder;

    private final FakeChat fake = new FakeChat(AnnotateCommandTest::teach);
    private Path in = Path.of("");
    private Path out = Path.of("");

    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void write() throws IOException {
        in = folder.resolve("in.jsonl");
        out = folder.resolve("out.jsonl");
        Files.writeString(in, """
                {"site":"s","question":{"id":"q1","title":"Why?","body":"Really."},"extra":7,"documents":[\
                {"id":"a","source":"accepted","text":"first text"},{"id":"b","text":"second text"},\
                {"id":"c","text":"third text","label":1,"explanation":"kept"}]}
                {"question":"How?","links":[{"text":"fourth text"}],"other_document":{"text":"fifth text"}}
                """);
    }

    @AfterEach
    void close() {
        fake.close();
    }

    private static void teach(JsonNode request, FakeChat.Answer answer) throws IOException {
        if (FakeChat.lastWords(request).startsWith("Based on the following question")) {
            answer.words("1. what is it\n", "2. \"why is it\" ##").end("stop");
        } else {
            answer.words("It says ", "so.\n\nRelevance Label: 2 ##").end("stop");
        }
    }

    private Outcome run(String... more) {
        List<String> args = new ArrayList<>(List.of("annotate", in.toString(), "--out", out.toString()));
        args.addAll(List.of("--teacher-url", fake.url(), "--teacher-model", "big", "--attempts", "2"));
        args.addAll(List.of(more));
        return command(args);
    }

    private static Outcome command(List<String> args) {
        Commands commands = new Commands();
        int status = commands.run(Map.of("OPENAI_API_KEY", KEY), args.toArray(String[]::new));
        return new Outcome(status, commands.out.toString(), commands.err.toString());
    }

    private List<JsonNode> written() throws IOException {
        return Files.readAllLines(out).stream().map(line -> JSON.readTree(line)).toList();
    }

    @Test
    void annotatesBothFormsOfRecordsAndKeepsTheRest() throws IOException {
        Outcome outcome = run("--price-in", "2", "--price-out", "10");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        JsonNode first = written().get(0);
        assertThat(first.at("/extra").asInt()).isEqualTo(7);
        assertThat(first.at("/documents/0/label").asInt(-1)).isEqualTo(2);
        assertThat(first.at("/documents/0/explanation").asString()).isEqualTo("It says so.");
        assertThat(first.at("/documents/2/explanation").asString()).isEqualTo("kept");
        assertThat(first.at("/generated_queries/1").asString()).isEqualTo("why is it");
        JsonNode second = written().get(1);
        assertThat(second.at("/links/0/label").asInt(-1)).isEqualTo(2);
        assertThat(second.at("/other_document/label").asInt(-1)).isEqualTo(2);
        assertThat(fake.asked())
                .hasSize(6)
                .allMatch(asked -> asked.authorization().equals("Bearer " + KEY));
        assertThat(fake.asked().stream().map(FakeChat.Asked::words))
                .anyMatch(words -> words.endsWith("Question: Why? Really.\nDocument: first text"));
        assertThat(outcome.out())
                .contains("6 answers wanted: 6 asked for now, 0 rejected {}, 0 missing", "600 tokens read, 120 written")
                .contains("cost 0.0024");
        assertThat(out.resolveSibling("out.jsonl.rejected.jsonl")).doesNotExist();
        assertThat(outcome.out() + outcome.err()).doesNotContain(KEY);
    }

    @Test
    void paysForNothingTwice() throws IOException {
        assertThat(run("--tasks", "explain").status()).isZero();
        byte[] annotated = Files.readAllBytes(out);
        assertThat(fake.asked()).hasSize(4);
        // As a kill leaves it: no records, and the last answer half written.
        Path journal = out.resolveSibling("out.jsonl.answers.jsonl");
        String lines = Files.readString(journal);
        Files.writeString(journal, lines.substring(0, lines.length() - 9));
        Files.delete(out);

        Outcome again = run("--tasks", "explain");

        assertThat(again.out()).contains("4 answers wanted: 1 asked for now").contains("all runs: 400 tokens read");
        assertThat(fake.asked()).hasSize(5);
        assertThat(Files.readAllBytes(out)).isEqualTo(annotated);
    }

    @Test
    void survivesEverythingThatRealEndpointsDo() throws IOException {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        fake.script((request, answer) -> {
            String words = FakeChat.lastWords(request);
            boolean again = !seen.add(words);
            if (again) {
                teach(request, answer);
            } else if (words.endsWith("first text")) {
                answer.status(429, "{}", "Retry-After", "1");
            } else if (words.endsWith("second text")) {
                answer.status(500, "oops");
            } else if (words.endsWith("fourth text")) {
                answer.words("It sa").cut();
            } else if (words.endsWith("fifth text")) {
                answer.raw("data: {\"choices\":[]}").raw("data: [DONE]");
            } else {
                answer.raw("data: not json");
            }
        });

        Outcome outcome = run();

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("6 asked for now, 0 rejected {}, 0 missing; 6 retries");
    }

    @Test
    void keepsRefusalsAndWhatCannotBeReadApartWithTheReason() throws IOException {
        fake.script((request, answer) -> {
            String words = FakeChat.lastWords(request);
            if (words.endsWith("first text")) {
                answer.words("I'm sorry, I can't help with that.").end("stop");
            } else if (words.endsWith("second text")) {
                answer.words("It is relevant, I would say.").end("stop");
            } else if (words.endsWith("fourth text")) {
                answer.words("On and on").end("length");
            } else {
                answer.words("no").end("content_filter");
            }
        });

        Outcome outcome = run("--tasks", "explain");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("4 rejected {cut=1, refused=2, unparsable=1}");
        List<String> rejected = Files.readAllLines(out.resolveSibling("out.jsonl.rejected.jsonl"));
        JsonNode first = JSON.readTree(rejected.get(0));
        assertThat(first.at("/reason").asString()).isEqualTo("refused");
        assertThat(first.at("/question").asString()).isEqualTo("q1");
        assertThat(first.at("/document").asString()).isEqualTo("a");
        assertThat(first.at("/answer").asString()).startsWith("I'm sorry");
        assertThat(written().get(0).at("/documents/0").has("label")).isFalse();

        fake.script((request, answer) -> answer.words(GOOD).end("stop"));
        assertThat(run("--tasks", "explain").out()).contains("0 asked for now, 4 rejected");
        assertThat(fake.asked()).isEmpty();
        assertThat(run("--tasks", "explain", "--again-rejected").out()).contains("4 asked for now, 0 rejected");
        assertThat(written().get(0).at("/documents/0/label").asInt(-1)).isEqualTo(2);
    }

    @Test
    void anEndpointThatOnlyFailsEndsTheRunWithOneLine() throws IOException {
        fake.script((request, answer) -> answer.status(500, "{\"error\":{\"message\":\"out of order\"}}"));
        Outcome failed = run();
        assertOneLine(failed, "6 of 6 answers are missing", "answered with status 500 (out of order)", "start again");
        assertThat(written()).hasSize(2);

        fake.script((request, answer) -> answer.status(401, "{\"error\":{\"message\":\"bad key " + KEY + "\"}}"));
        Outcome refused = run("--concurrency", "1");
        assertOneLine(refused, "answered with status 401", "bad key …");
        assertThat(refused.err()).doesNotContain(KEY);
        assertThat(fake.asked()).hasSize(1);
    }

    @Test
    void mistakesAreOneLineBeforeAnythingIsPaid() throws IOException {
        assertOneLine(command(List.of("annotate", "--out", "x")), "--from-stackexchange");
        assertOneLine(command(List.of("annotate", in.toString(), "--out", out.toString())), "--teacher-url");
        List<String> nowhere = List.of("annotate", in.toString(), "--out", out.toString(), "--teacher-model", "m");
        assertOneLine(command(plus(nowhere, "--teacher-url", "nowhere")), "is no address of an endpoint");
        assertOneLine(run("--concurrency", "0"), "--concurrency");
        Files.writeString(in, Files.readString(in) + "{\"question\":\"Q\",\"documents\":[{\"id\":\"x\"}]}\n");
        assertOneLine(run(), "in.jsonl, line 3", "a document has no text");
        Files.writeString(in, "{\n");
        assertOneLine(run(), "in.jsonl, line 1", "is not JSON");
        assertThat(fake.asked()).isEmpty();
    }

    private static List<String> plus(List<String> args, String... more) {
        List<String> all = new ArrayList<>(args);
        all.addAll(List.of(more));
        return all;
    }

    private static void assertOneLine(Outcome outcome, String... parts) {
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().strip().lines()).as(outcome.err()).hasSize(1);
        assertThat(outcome.err()).contains(parts);
    }

    @Test
    void makesRecordsOfADump() throws IOException {
        Path dump = Files.createDirectory(folder.resolve("cooking"));
        Files.writeString(dump.resolve("Posts.xml"), """
                <?xml version="1.0" encoding="utf-8"?>
                <posts>
                  <row Id="1" PostTypeId="1" AcceptedAnswerId="3" Title="Boiling eggs &amp; salt" Body="&lt;p&gt;How long do eggs boil?&lt;/p&gt;&#xA;&lt;p&gt;Really &amp;amp; truly?&lt;/p&gt;" />
                  <row Id="2" PostTypeId="1" AcceptedAnswerId="4" Title="Eggs again" Body="&lt;p&gt;Eggs?&lt;/p&gt;" />
                  <row Id="3" PostTypeId="2" ParentId="1" Body="&lt;p&gt;Boil eggs for &lt;b&gt;seven&lt;/b&gt; minutes.&lt;/p&gt;" />
                  <row Id="4" PostTypeId="2" ParentId="2" Body="&lt;p&gt;Boil eggs, always boil eggs.&lt;/p&gt;" />
                  <row Id="5" PostTypeId="1" Title="Nothing known" Body="&lt;p&gt;Eggs?&lt;/p&gt;" />
                  <row Id="6" PostTypeId="2" ParentId="5" Body="&lt;p&gt;Some eggs boil over.&lt;/p&gt;" />
                  <row Id="7" PostTypeId="2" ParentId="1" Body="&lt;p&gt;How long do eggs boil? Boil eggs long.&lt;/p&gt;" />
                  <row Id="8" PostTypeId="5" Body="a tag's wiki" />
                </posts>
                """);
        Files.writeString(dump.resolve("PostLinks.xml"), """
                <?xml version="1.0" encoding="utf-8"?>
                <postlinks>
                  <row Id="1" PostId="1" RelatedPostId="2" LinkTypeId="3" />
                  <row Id="2" PostId="1" RelatedPostId="2" LinkTypeId="1" />
                  <row Id="3" PostId="1" RelatedPostId="99" LinkTypeId="1" />
                </postlinks>
                """);

        Outcome outcome = fromDump(dump);

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("2 questions (seed 0) written");
        JsonNode record = written().get(0);
        assertThat(record.at("/site").asString()).isEqualTo("cooking");
        assertThat(record.at("/question/title").asString()).isEqualTo("Boiling eggs & salt");
        assertThat(record.at("/question/body").asString()).isEqualTo("How long do eggs boil?\nReally & truly?");
        List<String> documents = new ArrayList<>();
        record.path("documents")
                .forEach(document -> documents.add(document.path("source").asString() + " "
                        + document.path("id").asString() + " "
                        + document.path("text").asString()));
        // The question's own other answer is nearer to it by BM25, and no negative.
        assertThat(documents)
                .containsExactly(
                        "accepted 3 Boil eggs for seven minutes.",
                        "duplicate 4 Boil eggs, always boil eggs.",
                        "bm25 6 Some eggs boil over.");
        assertThat(fromDump(dump, "--questions", "1").out()).contains("1 questions");
    }

    private Outcome fromDump(Path dump, String... more) {
        List<String> args =
                new ArrayList<>(List.of("annotate", "--from-stackexchange", dump.toString(), "--out", out.toString()));
        args.addAll(List.of(more));
        return command(args);
    }

    @Test
    void readsNoFileThatADumpPointsAt() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "do not tell");
        Path dump = Files.createDirectory(folder.resolve("evil"));
        Files.writeString(dump.resolve("PostLinks.xml"), "<postlinks/>");
        Files.writeString(
                dump.resolve("Posts.xml"),
                "<!DOCTYPE posts [<!ENTITY x SYSTEM \"" + secret.toUri() + "\"><!ENTITY y \"inner\">]>\n<posts>"
                        + "<row Id=\"1\" PostTypeId=\"1\" AcceptedAnswerId=\"2\" Title=\"t\" Body=\"&y;\"/>"
                        + "<row Id=\"2\" PostTypeId=\"2\" ParentId=\"1\" Body=\"b\"/>&x;</posts>");

        Outcome outcome = fromDump(dump);

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().strip().lines()).hasSize(1);
        assertThat(outcome.err()).contains("Posts.xml").doesNotContain("do not tell");
        assertOneLine(fromDump(folder.resolve("nowhere")), "PostLinks.xml: no such file");
    }
}
