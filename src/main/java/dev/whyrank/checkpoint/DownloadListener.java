package dev.whyrank.checkpoint;

/** How a download goes on. Called on the downloading thread. */
public interface DownloadListener {

    /** Hears nothing. */
    DownloadListener NONE = new DownloadListener() {};

    /**
     * A file is about to be fetched.
     *
     * @param present bytes that an earlier attempt has left
     */
    default void started(String file, long bytes, long present) {}

    /** More bytes of the file have come; negative when it had to start over. */
    default void advanced(long bytes) {}

    /** The file is complete and its hash is right, or it was given up. */
    default void ended() {}
}
