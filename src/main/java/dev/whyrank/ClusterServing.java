package dev.whyrank;

import dev.whyrank.cluster.ClusterGateway;
import dev.whyrank.cluster.ClusterListener;
import dev.whyrank.cluster.ClusterProperties;
import dev.whyrank.cluster.ClusterWorker;
import dev.whyrank.cluster.ModelCard;
import dev.whyrank.cluster.RedisLink;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires the cluster's sides to the model, where there is a Redis. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("whyrank.cluster.redis-url")
class ClusterServing {

    private static ModelCard card(LocalModel model) {
        return ModelCard.of(
                model.reranker().model(),
                model.judge(),
                model.capacity().tokens(),
                ModelIdentity.digest(model.identity()));
    }

    @Bean
    @Conditional(HasHttp.class)
    ClusterGateway clusterGateway(
            RedisLink link,
            ClusterProperties properties,
            ObjectProvider<LocalModel> model,
            ObjectProvider<ClusterListener> listener) {
        LocalModel here = model.getIfAvailable();
        @Nullable ModelCard own = here == null ? null : card(here);
        return new ClusterGateway(link, properties, own, listener.getIfAvailable(() -> ClusterListener.NONE));
    }

    @Bean
    @Conditional(HasModel.class)
    ClusterWorker clusterWorker(
            RedisLink link,
            ClusterProperties properties,
            LocalModel model,
            WhyrankProperties settings,
            ObjectProvider<ClusterListener> listener) {
        int documents = properties.workerDocuments();
        return new ClusterWorker(
                link,
                properties,
                model.judge(),
                card(model),
                new ClusterWorker.Size(
                        documents > 0 ? documents : model.capacity().documents(),
                        settings.queue().resolvedWorkers()),
                listener.getIfAvailable(() -> ClusterListener.NONE),
                () -> model.engine().map(engine -> !engine.isDead()).orElse(true));
    }
}
