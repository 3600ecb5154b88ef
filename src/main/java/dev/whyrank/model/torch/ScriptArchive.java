package dev.whyrank.model.torch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive: an uncompressed zip with the pickled module and its source. The modules of this project
 * hold no tensors when they are loaded, so neither does the archive.
 */
final class ScriptArchive {

    private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

    private ScriptArchive() {}

    /**
     * An archive with one root module.
     *
     * @param root the module's attributes and class
     * @param sources file name below {@code code/} -> TorchScript source
     */
    static InputStream of(Pickle.Module root, Map<String, String> sources) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            entry(zip, "m/data.pkl", Pickle.dump(root));
            for (Map.Entry<String, String> source : sources.entrySet()) {
                entry(zip, "m/code/" + source.getKey(), source.getValue().getBytes(StandardCharsets.UTF_8));
            }
            entry(zip, "m/constants.pkl", EMPTY_TUPLE);
            entry(zip, "m/version", "3\n".getBytes(StandardCharsets.US_ASCII));
            entry(zip, "m/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
