package dev.whyrank.checkpoint;

import dev.whyrank.checkpoint.HubListing.HubFile;
import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds a model folder: one that is there, or one that a hub has. Downloads go to {@code
 * <home>/whyrank/org--model/<commit>/}; {@code refs/<revision>} beside it remembers the commit of the last complete
 * download, so that the model is found again without a network.
 */
public final class HubDownload {

    private static final int MAX_LISTING_BYTES = 16 << 20;
    private static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_][A-Za-z0-9_.-]*";
    private static final String REVISION = "[A-Za-z0-9_][A-Za-z0-9_./-]*";

    private final HubSettings settings;
    private final HubClient client;
    private final DownloadListener listener;

    public HubDownload(HubSettings settings, DownloadListener listener) {
        this(settings, new HubClient(settings), listener);
    }

    HubDownload(HubSettings settings, HubClient client, DownloadListener listener) {
        this.settings = settings;
        this.client = client;
        this.listener = listener;
    }

    /**
     * The folder of a model. The shipped one's name wins over a folder, and an existing folder over any other name.
     *
     * @param model a folder, or {@code org/model}, or {@code org/model@revision}
     * @param revision branch, tag or commit, or null for what the name says, and {@code main} if it says nothing
     * @throws InvalidInputException in one line, if there is no such model or it cannot be had whole
     */
    public Path resolve(String model, @Nullable String revision) {
        Optional<Path> local = existing(model);
        if (local.isPresent()) {
            return local.get();
        }
        int at = model.indexOf('@');
        String name = at < 0 ? model : model.substring(0, at);
        String wanted = revision != null ? revision : at < 0 ? "main" : model.substring(at + 1);
        if (!name.matches(NAME) || name.contains("..")) {
            throw new InvalidInputException(model + ": is neither a folder nor a name such as org/model");
        }
        if (!wanted.matches(REVISION) || wanted.contains("..")) {
            throw new InvalidInputException(wanted + ": is no revision; give a branch, a tag or a commit");
        }
        try {
            return download(name, wanted);
        } catch (IOException e) {
            throw new InvalidInputException(
                    name + ": cannot be fetched from " + settings.endpoint() + " to " + settings.home() + " ("
                            + reason(e) + "); check network, HF_ENDPOINT and HF_HOME, or give a folder",
                    e);
        }
    }

    /**
     * The folder of a model that is there already, without asking any network. The shipped one's name wins over a
     * folder, and an existing folder over any other name.
     *
     * @param model a folder, or a name that {@link #resolve} has fetched before
     * @throws InvalidInputException in one line, if it is not there
     */
    public Path fetched(String model) {
        Optional<Path> local = existing(model);
        if (local.isPresent()) {
            return local.get();
        }
        int at = model.indexOf('@');
        String name = at < 0 ? model : model.substring(0, at);
        String revision = at < 0 ? "main" : model.substring(at + 1);
        if (!name.matches(NAME) || name.contains("..")) {
            throw new InvalidInputException(model + ": is no folder; give a checkpoint's folder, or a name that"
                    + " 'whyrank import' has fetched");
        }
        try {
            return earlier(home(name), ref(home(name), revision))
                    .orElseThrow(() -> new InvalidInputException(model + ": is neither a folder nor in "
                            + settings.home() + "; fetch it with 'whyrank import " + model + "', or set HF_HOME"));
        } catch (IOException e) {
            throw new InvalidInputException(
                    model + ": " + settings.home() + " cannot be read (" + reason(e) + "); check HF_HOME", e);
        }
    }

    private Path home(String name) {
        return settings.home().resolve("whyrank").resolve(name.replace("/", "--"));
    }

    private static Path ref(Path home, String revision) {
        return home.resolve("refs").resolve(URLEncoder.encode(revision, StandardCharsets.UTF_8));
    }

    private static Optional<Path> existing(String model) {
        if (model.equals(ShippedModel.NAME)) {
            return Optional.of(ShippedModel.unpack());
        }
        try {
            return Optional.of(Path.of(model)).filter(path -> !model.isBlank() && Files.isDirectory(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage() == null ? "" : ": " + e.getMessage();
        return (e.getClass().getSimpleName() + message).replaceAll("\\s+", " ");
    }

    private Path download(String name, String revision) throws IOException {
        Path home = home(name);
        Path ref = ref(home, revision);
        HubListing listing;
        try {
            listing = list(name, revision);
        } catch (IOException e) {
            Optional<Path> earlier = earlier(home, ref);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            throw e;
        }
        Path folder = Files.createDirectories(home.resolve(listing.commit()));
        fetchMissing(name, listing, folder);
        Files.createDirectories(ref.getParent());
        Files.writeString(ref, listing.commit());
        return folder;
    }

    private HubListing list(String name, String revision) throws IOException {
        String path = "/api/models/" + name + "/revision/" + URLEncoder.encode(revision, StandardCharsets.UTF_8)
                + "?blobs=true";
        HttpResponse<InputStream> response = client.get(path, 0, name + "@" + revision);
        try (InputStream body = response.body()) {
            byte[] json = body.readNBytes(MAX_LISTING_BYTES + 1);
            if (json.length > MAX_LISTING_BYTES) {
                throw new InvalidInputException(name + ": the hub's answer is too long; check HF_ENDPOINT");
            }
            return HubListing.parse(json, name);
        }
    }

    private static Optional<Path> earlier(Path home, Path ref) throws IOException {
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        String commit = Files.readString(ref).strip();
        return commit.matches("[0-9a-f]{40}")
                ? Optional.of(home.resolve(commit)).filter(Files::isDirectory)
                : Optional.empty();
    }

    private void fetchMissing(String name, HubListing listing, Path folder) throws IOException {
        List<HubFile> missing = new ArrayList<>();
        for (HubFile file : listing.files()) {
            if (!new PartialFile(file, folder, listener).complete()) {
                missing.add(file);
            }
        }
        requireSpace(missing, folder);
        for (HubFile file : missing) {
            String path = "/" + name + "/resolve/" + listing.commit() + "/" + file.name();
            new PartialFile(file, folder, listener).fetch(offset -> client.get(path, offset, name + "/" + file.name()));
        }
    }

    private static void requireSpace(List<HubFile> files, Path folder) throws IOException {
        double needed = 0;
        for (HubFile file : files) {
            Path part = folder.resolve(file.name() + ".part");
            needed += file.size() - (Files.exists(part) ? Files.size(part) : 0L);
        }
        long free = Files.getFileStore(folder).getUsableSpace();
        if (needed > free) {
            throw new InvalidInputException("%s: needs %.1f GB but only %.1f GB are free; set HF_HOME to a larger disk"
                    .formatted(folder, needed / 1e9, free / 1e9));
        }
    }
}
