package dev.whyrank.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to a Redis whose host can vanish and come back as another one: connections that are open then stay open and
 * carry nothing any more, as without a reset; new ones are served.
 */
final class VanishingProxy implements AutoCloseable {

    private final ServerSocket listening;
    private final int port;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger life = new AtomicInteger();

    VanishingProxy(RedisServer redis) throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        port = URI.create(redis.url()).getPort();
        start(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + listening.getLocalPort();
    }

    void vanish() {
        life.incrementAndGet();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "vanishing-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(client);
                sockets.add(server);
                int born = life.get();
                start(() -> carry(client, server, born));
                start(() -> carry(server, client, born));
            }
        } catch (IOException e) {
            // Closed: the test has ended.
        }
    }

    private void carry(Socket from, Socket to, int born) {
        byte[] buffer = new byte[1 << 13];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (life.get() == born) {
                    out.write(buffer, 0, n);
                }
            }
            if (life.get() == born) {
                to.close();
            }
        } catch (IOException e) {
            // One side has closed.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
