package dev.whyrank;

import dev.whyrank.checkpoint.DownloadListener;
import dev.whyrank.checkpoint.HubDownload;
import dev.whyrank.checkpoint.HubSettings;
import dev.whyrank.cli.RerankerFactory;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.Reranker;
import dev.whyrank.rerank.remote.ChatEndpoint;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Opens the service's own reranker for a command, with the service's settings from the environment, the model apart. */
final class LocalRerankerFactory implements RerankerFactory {

    @Override
    public Opened open(@Nullable String model) {
        LocalModel local = LocalModel.open(settings(folder(model)), EngineListener.NONE, RerankObserver.NONE);
        return new Opened() {
            @Override
            public Reranker reranker() {
                return local.reranker();
            }

            @Override
            public String identity() {
                return ModelIdentity.digest(local.identity());
            }

            @Override
            public void close() {
                local.close();
            }
        };
    }

    private static String folder(@Nullable String model) {
        if (model == null) {
            return WhyrankProperties.EMBEDDED;
        }
        return ChatEndpoint.isNamed(model)
                ? model
                : new HubDownload(HubSettings.of(System.getenv()), DownloadListener.NONE)
                        .resolve(model, null)
                        .toString();
    }

    private static WhyrankProperties settings(String model) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("the command's arguments", Map.of("whyrank.model", model)));
        try {
            return Binder.get(environment).bindOrCreate("whyrank", WhyrankProperties.class);
        } catch (BindException e) {
            throw new InvalidInputException(StartupFailure.explain(e).orElseThrow(), e);
        }
    }
}
