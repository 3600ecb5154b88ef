package dev.whyrank;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.LocalReranker;
import dev.whyrank.rerank.QueryWriter;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.ScriptedReranker;
import dev.whyrank.rerank.cache.CachingJudge;
import dev.whyrank.rerank.cache.ResultStore;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The HTTP side and the meters as they are served, over a model that computes nothing. Deliberately no
 * {@code @Configuration}: a component scan of the whole house must not find it.
 */
@EnableAutoConfiguration
@ComponentScan({"dev.whyrank.api", "dev.whyrank.observe"})
public class ScriptedService {

    public static void main(String[] args) {
        SpringApplication.run(ScriptedService.class, args);
    }

    @Bean
    ScriptedReranker scripted(
            @Value("${scripted.slots:64}") int slots,
            EngineListener engines,
            RerankObserver observer,
            ObjectProvider<ResultStore> results) {
        return new ScriptedReranker(
                slots,
                engines,
                observer,
                judge -> results.stream()
                        .<Judge>map(store -> new CachingJudge(judge, () -> List.of("scripted"), store, observer))
                        .findFirst()
                        .orElse(judge));
    }

    @Bean(destroyMethod = "")
    LocalReranker reranker(ScriptedReranker scripted) {
        return scripted.reranker();
    }

    @Bean
    QueryWriter queryWriter() {
        return QueryWriter.refusing("the scripted model writes no queries");
    }

    /** A small send buffer makes a slow reader felt after kilobytes instead of megabytes; 0 leaves it alone. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> sendBuffer(
            @Value("${scripted.send-buffer:0}") int bytes) {
        return factory -> {
            if (bytes > 0) {
                factory.addServerCustomizers(server -> server.childOption(ChannelOption.SO_SNDBUF, bytes));
            }
        };
    }

    @Bean
    Footprint footprint() {
        return new Footprint();
    }

    /** What the process holds and has used, told over HTTP because its other end is another process. */
    @RestController
    static final class Footprint {

        /**
         * A look at the process after garbage was collected.
         *
         * @param heapBytes objects in use
         * @param residentBytes anonymous memory, native included; -1 where Linux does not tell
         * @param cpuSeconds processor time of all threads so far, the collection excluded
         */
        record Reading(
                @JsonProperty("heap_bytes") long heapBytes,
                @JsonProperty("resident_bytes") long residentBytes,
                @JsonProperty("cpu_seconds") double cpuSeconds) {}

        @GetMapping("/footprint")
        Reading read() throws IOException {
            double cpu = cpuSeconds();
            System.gc();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Reading(heap, residentBytes(), cpu);
        }

        @GetMapping("/cpu")
        double cpuSeconds() {
            return ProcessHandle.current()
                            .info()
                            .totalCpuDuration()
                            .orElse(Duration.ZERO)
                            .toNanos()
                    / 1e9;
        }

        private static long residentBytes() throws IOException {
            Path status = Path.of("/proc/self/status");
            if (!Files.isReadable(status)) {
                return -1;
            }
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(-1);
        }
    }
}
