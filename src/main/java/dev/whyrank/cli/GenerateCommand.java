package dev.whyrank.cli;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.generate.SamplingPolicy;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.generate.StopRule;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.Tokenizer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code whyrank generate}: continues a prompt, through the same engine that serves. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Continues a prompt and prints what the model writes, as it is written.")
final class GenerateCommand implements Callable<Integer> {

    private static final int SMALLEST_TOKEN_BUDGET = 512;

    @Mixin
    private ModelOptions options = new ModelOptions();

    @Option(names = "--prompt", required = true, description = "The user's words; may be empty.")
    private String prompt = "";

    @Option(names = "--max-tokens", paramLabel = "N", defaultValue = "256", description = "Default: 256.")
    private int maxTokens;

    @Option(names = "--temperature", paramLabel = "T", defaultValue = "0", description = "0 is greedy (default).")
    private float temperature;

    @Option(names = "--top-p", paramLabel = "P", defaultValue = "1", description = "Nucleus probability (default: 1).")
    private float topP;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed of the sampling (default: 0).")
    private long seed;

    @Option(names = "--raw", description = "No chat template; the tokenizer's own start tokens stay.")
    private boolean raw;

    @Option(names = "--ids", description = "Print the generated token ids as one JSON array instead of text.")
    private boolean ids;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (maxTokens < 1) {
            throw new InvalidInputException("--max-tokens is " + maxTokens + "; give 1 or more");
        }
        return OrderlyEnd.interrupting(spec.commandLine().getErr(), "interrupted", this::generate);
    }

    private void generate() throws InterruptedException {
        try (Checkpoint checkpoint = options.open()) {
            int[] tokens = promptTokens(checkpoint);
            int context = checkpoint.config().contextLength();
            if (tokens.length + maxTokens > context) {
                throw new InvalidInputException("the prompt's " + tokens.length + " tokens and --max-tokens "
                        + maxTokens + " do not fit the model's context of " + context + "; shorten one of them");
            }
            int budget = Math.max(SMALLEST_TOKEN_BUDGET, tokens.length);
            try (GenerationEngine engine = options.start(checkpoint, 1, tokens.length + maxTokens, budget)) {
                generate(checkpoint, engine, tokens);
            }
        }
    }

    private int[] promptTokens(Checkpoint checkpoint) {
        Tokenizer tokenizer = checkpoint.tokenizer();
        ChatWrapper chat = raw ? ChatWrapper.raw(tokenizer) : checkpoint.chat();
        int[] tokens = IntStream.of(tokenizer.encodeMarkup(chat.before())).toArray();
        int[] words = tokenizer.encodeText(prompt);
        int[] after = tokenizer.encodeMarkup(chat.after());
        int[] all = IntStream.concat(IntStream.concat(IntStream.of(tokens), IntStream.of(words)), IntStream.of(after))
                .toArray();
        if (all.length == 0) {
            throw new InvalidInputException("--prompt is empty and this tokenizer has no start token; give a prompt");
        }
        return all;
    }

    private void generate(Checkpoint checkpoint, GenerationEngine engine, int[] tokens) throws InterruptedException {
        TokenStream stream = new TokenStream();
        StopRule stop = new StopRule(checkpoint.stopTokens(), List.of());
        SamplingPolicy policy = new SamplingPolicy(temperature, topP, seed);
        engine.submit(List.of(new SequenceRequest(tokens, maxTokens, new int[0], policy, stop, stream)), 0);
        PrintWriter out = spec.commandLine().getOut();
        List<Integer> written = new ArrayList<>();
        int printed = 0;
        for (OptionalInt token = stream.next(); token.isPresent(); token = stream.next()) {
            written.add(token.getAsInt());
            if (!ids) {
                printed += printNew(out, checkpoint.tokenizer(), written, printed);
            }
        }
        out.println(ids ? written.toString() : "");
        out.flush();
    }

    /** Prints what the last token added, unless it ends inside a character; returns the number of chars printed. */
    private static int printNew(PrintWriter out, Tokenizer tokenizer, List<Integer> written, int printed) {
        String text = tokenizer.decode(written.stream().mapToInt(id -> id).toArray());
        if (text.length() <= printed || text.charAt(text.length() - 1) == '\ufffd') {
            return 0;
        }
        out.print(text.substring(printed));
        out.flush();
        return text.length() - printed;
    }
}
