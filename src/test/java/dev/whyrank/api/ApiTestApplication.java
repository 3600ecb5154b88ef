package dev.whyrank.api;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/**
 * The HTTP side alone over a {@link FakeReranker}. Deliberately no {@code @Configuration}: a component scan of the whole
 * house must not find it.
 */
@EnableAutoConfiguration
@ComponentScan("dev.whyrank.api")
public class ApiTestApplication {

    @Bean
    FakeReranker reranker() {
        return new FakeReranker();
    }

    @Bean
    FakeQueryWriter queryWriter() {
        return new FakeQueryWriter();
    }
}
