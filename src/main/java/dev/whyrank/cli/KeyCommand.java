package dev.whyrank.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes a new API key. */
@Command(
        name = "key",
        description = {
            "Makes a new API key: the key for the caller, its digest for whyrank.api.api-keys.",
            "To change a key, list the old and the new digest until every caller has the new key."
        },
        mixinStandardHelpOptions = true)
final class KeyCommand implements Callable<Integer> {

    private static final int BYTES = 32;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws NoSuchAlgorithmException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String key = "wr_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        PrintWriter out = spec.commandLine().getOut();
        out.println("key     " + key);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        out.println("digest  sha256:" + HexFormat.of().formatHex(digest));
        out.flush();
        return 0;
    }
}
