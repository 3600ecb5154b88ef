package dev.whyrank.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallbackTemplate;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.api.model.WaitResponse;
import dev.whyrank.api.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.PullPolicy;
import org.testcontainers.utility.DockerImageName;

/** The service in a container that may do no more than it has to. */
final class ServiceContainer implements AutoCloseable {

    /** What all tests give it: enough for the models here, and little enough to notice waste. */
    static final long MEMORY = 1L << 30;

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final GenericContainer<?> container;
    private final int port = freePort();
    private final Map<Path, String> folders = new LinkedHashMap<>();

    ServiceContainer(String... settings) {
        container = new GenericContainer<>(DockerImageName.parse(Image.require()))
                .withImagePullPolicy(PullPolicy.defaultPolicy())
                .withNetworkMode("host")
                .withEnv("SERVER_PORT", String.valueOf(port))
                .withCommand(settings)
                .withCreateContainerCmdModifier(command -> confine(Objects.requireNonNull(command.getHostConfig())))
                .waitingFor(
                        Wait.forLogMessage(".*Started WhyrankApplication.*", 1).withStartupTimeout(PATIENCE));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void confine(HostConfig host) {
        host.withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withMemory(MEMORY)
                .withMemorySwap(MEMORY)
                .withBinds(folders.entrySet().stream()
                        .map(folder -> new Bind(
                                folder.getKey().toAbsolutePath().toString(),
                                new Volume(folder.getValue()),
                                AccessMode.ro))
                        .toList());
    }

    ServiceContainer with(String variable, String value) {
        container.withEnv(variable, value);
        return this;
    }

    /** Mounts a folder of this machine, for reading; it must be readable for everybody. */
    ServiceContainer mount(Path folder, String target) {
        folders.put(folder, target);
        return this;
    }

    /** Starts it and returns when it says that it has started. */
    ServiceContainer start() {
        container.start();
        return this;
    }

    Http http() {
        return new Http(port);
    }

    String logs() {
        return container.getLogs();
    }

    /** Runs a line of shell inside and returns its exit status. */
    int run(String line) throws Exception {
        return container.execInContainer("bash", "-c", line).getExitCode();
    }

    /** What the engine knows of it now. */
    InspectContainerResponse inspect() {
        return client().inspectContainerCmd(container.getContainerId()).exec();
    }

    void terminate() {
        client().killContainerCmd(container.getContainerId()).withSignal("TERM").exec();
    }

    /** Its exit status; fails if it is still running then. */
    int awaitExit(Duration grace) throws Exception {
        WaitForExit exit = new WaitForExit();
        client().waitContainerCmd(container.getContainerId()).exec(exit);
        assertThat(exit.awaitCompletion(grace.toSeconds(), TimeUnit.SECONDS))
                .as("it ends within %s; so far %s", grace, logs())
                .isTrue();
        return exit.status;
    }

    private static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    @Override
    public void close() {
        container.stop();
    }

    private static final class WaitForExit extends ResultCallbackTemplate<WaitForExit, WaitResponse> {

        private volatile int status = -1;

        @Override
        public void onNext(WaitResponse response) {
            status = response.getStatusCode();
        }
    }
}
