package dev.whyrank.cluster;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The way to Redis, where one is configured; nothing else connects to anything. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClusterProperties.class)
class ClusterConfiguration {

    @Bean
    @ConditionalOnProperty("whyrank.cluster.redis-url")
    RedisLink redisLink(ClusterProperties properties) {
        return new RedisLink(properties);
    }
}
