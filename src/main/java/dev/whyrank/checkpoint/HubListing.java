package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a hub says about one revision of a model.
 *
 * @param commit the commit that the revision's name stands for
 * @param files those that a checkpoint or an adapter consists of
 */
record HubListing(String commit, List<HubFile> files) {

    /**
     * A file to fetch.
     *
     * @param hash lower-case hex
     * @param large whether the hash is the SHA-256 of the content, or else git's SHA-1 of a blob
     */
    record HubFile(String name, long size, String hash, boolean large) {}

    private static final Set<String> NEEDED = Set.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "chat_template.jinja",
            "adapter_config.json",
            Safetensors.INDEX);

    /**
     * Parses the hub's answer.
     *
     * @param source what error messages call it
     * @throws InvalidInputException if it is not understood, names a file outside the model's folder, or gives no hash
     */
    static HubListing parse(byte[] json, String source) {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new InvalidInputException(source + ": the hub's answer is not JSON; check HF_ENDPOINT", e);
        }
        String commit = root.path("sha").asString("");
        if (!commit.matches("[0-9a-f]{40}")) {
            throw new InvalidInputException(source + ": the hub names no commit; check HF_ENDPOINT");
        }
        List<HubFile> files = new ArrayList<>();
        for (JsonNode sibling : root.path("siblings")) {
            String name = sibling.path("rfilename").asString("");
            refuseOutside(name, source);
            if (needed(name)) {
                files.add(file(name, sibling, source));
            }
        }
        if (files.stream().noneMatch(file -> file.name().endsWith(".safetensors"))) {
            throw new InvalidInputException(source + ": has no safetensors files; choose another revision or model");
        }
        return new HubListing(commit, List.copyOf(files));
    }

    private static void refuseOutside(String name, String source) {
        boolean climbs = List.of(name.split("/", -1)).contains("..");
        if (climbs || name.startsWith("/") || name.matches("(?s).*[\\\\:\\p{Cntrl}].*")) {
            throw new InvalidInputException(source + ": lists the file \"" + name.replaceAll("\\p{Cntrl}", "?")
                    + "\" outside its folder; refused");
        }
    }

    /** Weights in other layouts, such as consolidated ones, only take space. */
    private static boolean needed(String name) {
        return NEEDED.contains(name)
                || (name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors") && !name.startsWith("consolidated"));
    }

    private static HubFile file(String name, JsonNode sibling, String source) {
        JsonNode lfs = sibling.path("lfs");
        boolean large = lfs.isObject();
        String hash =
                large ? lfs.path("sha256").asString("") : sibling.path("blobId").asString("");
        JsonNode size = large && lfs.has("size") ? lfs.path("size") : sibling.path("size");
        if (!size.isIntegralNumber() || size.asLong() < 0 || !hash.matches(large ? "[0-9a-f]{64}" : "[0-9a-f]{40}")) {
            throw new InvalidInputException(
                    source + ": the hub gives no size and hash of " + name + ", so it cannot be checked; refused");
        }
        return new HubFile(name, size.asLong(), hash, large);
    }
}
