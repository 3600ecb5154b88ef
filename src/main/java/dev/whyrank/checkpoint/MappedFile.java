package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * One mapped safetensors file. A Java buffer ends at 2 GB, so the file is seen through windows; each reaches a little
 * into the next one, because an element need not be aligned and may lie across the border.
 */
final class MappedFile {

    static final int WINDOW_BYTES = 1 << 30;
    private static final int OVERLAP_BYTES = 8;

    private final Path path;
    private final Map<String, TensorInfo> tensors;
    private final int windowBytes;
    private final ByteBuffer[] windows;

    private MappedFile(Path path, FileChannel channel, int windowBytes) throws IOException {
        this.path = path;
        this.windowBytes = windowBytes;
        tensors = SafetensorsHeader.read(path, channel);
        long size = channel.size();
        windows = new ByteBuffer[Math.toIntExact((size + windowBytes - 1) / windowBytes)];
        for (int i = 0; i < windows.length; i++) {
            long start = (long) i * windowBytes;
            long length = Math.min((long) windowBytes + OVERLAP_BYTES, size - start);
            windows[i] =
                    channel.map(FileChannel.MapMode.READ_ONLY, start, length).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Checks and maps a file.
     *
     * @param windowBytes bytes of a window, a multiple of 8
     * @throws InvalidInputException naming the file, and the tensor if one is at fault
     */
    static MappedFile open(Path path, int windowBytes) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(path, channel, windowBytes);
        } catch (IOException e) {
            throw new InvalidInputException(
                    path + ": cannot be read or mapped; check that it is there and readable", e);
        }
    }

    Path path() {
        return path;
    }

    Map<String, TensorInfo> tensors() {
        return tensors;
    }

    /** The bytes from an offset to where its window ends; at least 8 of them unless the file ends before. */
    ByteBuffer from(long offset) {
        ByteBuffer window = windows[Math.toIntExact(offset / windowBytes)];
        int start = Math.toIntExact(offset % windowBytes);
        return window.slice(start, window.limit() - start).order(ByteOrder.LITTLE_ENDIAN);
    }
}
