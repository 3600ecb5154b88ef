package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.api.Sse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client that reads a stream of events only as far as it is told, with next to no buffer of its own. */
final class RawStream implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final int RECEIVE_BUFFER = 2048;
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    private final Socket socket = new Socket();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private String tail = "";
    private boolean ended;

    private RawStream() {}

    /** Sends a rerank request. */
    static RawStream open(int port, String body) throws IOException {
        RawStream stream = new RawStream();
        stream.socket.setReceiveBufferSize(RECEIVE_BUFFER);
        stream.socket.setSoTimeout(PATIENCE_MILLIS);
        stream.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String head = "POST /v1/rerank HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n";
        stream.socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
        return stream;
    }

    /** Reads at most so many bytes, at least one; false once the whole answer is there. */
    boolean read(int atMost) throws IOException {
        byte[] bytes = new byte[atMost];
        int count = socket.getInputStream().read(bytes);
        assertThat(count).as("the connection is kept").isPositive();
        received.write(bytes, 0, count);
        ended = tail(bytes, count).endsWith(LAST_CHUNK);
        return !ended;
    }

    /** The last bytes so far. */
    private String tail(byte[] bytes, int count) {
        String both = tail + new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        tail = both.substring(Math.max(0, both.length() - LAST_CHUNK.length()));
        return tail;
    }

    /** The events of a stream that was read to its end. */
    List<Sse.Event> events() {
        assertThat(ended).isTrue();
        String whole = received.toString(StandardCharsets.ISO_8859_1);
        int head = whole.indexOf("\r\n\r\n");
        assertThat(whole.substring(0, head)).startsWith("HTTP/1.1 200").containsIgnoringCase("text/event-stream");
        byte[] body = unchunked(whole, head + 4).getBytes(StandardCharsets.ISO_8859_1);
        return Sse.parse(new String(body, StandardCharsets.UTF_8));
    }

    private static String unchunked(String whole, int from) {
        StringBuilder body = new StringBuilder();
        int at = from;
        int size = -1;
        while (size != 0) {
            int line = whole.indexOf("\r\n", at);
            size = Integer.parseInt(whole.substring(at, line), 16);
            body.append(whole, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
        return body.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
