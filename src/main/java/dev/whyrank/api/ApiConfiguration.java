package dev.whyrank.api;

import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.codec.CodecCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.codec.json.JacksonJsonDecoder;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsConfigurationSource;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.server.WebFilter;

/** Codecs and browser access. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WhyrankApiProperties.class)
class ApiConfiguration {

    /** After Spring Boot's own customizers, so that the contract's mapper and limit are the ones that hold. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    CodecCustomizer apiCodecs(ApiJson json, WhyrankApiProperties properties) {
        return codecs -> {
            codecs.defaultCodecs()
                    .maxInMemorySize(Math.toIntExact(properties.maxBody().toBytes()));
            codecs.defaultCodecs().jacksonJsonDecoder(new JacksonJsonDecoder(json.mapper()));
            codecs.defaultCodecs().jacksonJsonEncoder(new JacksonJsonEncoder(json.mapper()));
        };
    }

    @Bean
    @Order(ApiKeys.ORDER - 1)
    WebFilter browserAccess(WhyrankApiProperties properties) {
        if (properties.corsOrigins().isEmpty()) {
            return (exchange, chain) -> chain.filter(exchange);
        }
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(properties.corsOrigins());
        allowed.setAllowedMethods(List.of("GET", "POST"));
        allowed.setAllowedHeaders(List.of("*"));
        allowed.setExposedHeaders(List.of(RequestIds.HEADER, "Retry-After"));
        CorsConfigurationSource everywhere = exchange -> allowed;
        return new CorsWebFilter(everywhere);
    }
}
