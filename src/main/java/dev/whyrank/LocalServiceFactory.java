package dev.whyrank;

import dev.whyrank.cli.ServiceFactory;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.model.InvalidInputException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the whole application as it is deployed; only its port is another. */
final class LocalServiceFactory implements ServiceFactory {

    /**
     * What stops the start is the command's to say, and its standard output is not for logs. Interrupted, it ends
     * without waiting for its own clients. Every answer is computed, or nothing could be timed.
     */
    private static final Map<String, String> PLACE = Map.of(
            "server.address", "127.0.0.1",
            "server.port", "0",
            "whyrank.drain-timeout", "0s",
            "whyrank.cache.enabled", "false",
            "logging.config", "classpath:logback-cli.xml",
            "logging.level.org.springframework", "error",
            "logging.level.org.springdoc", "error",
            "logging.level.dev.whyrank.WhyrankApplication", "off");

    @Override
    public Service start(Map<String, String> settings, EngineListener listener) {
        SpringApplication application = new SpringApplication(WhyrankApplication.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.addInitializers(
                SettingNames::guard,
                context -> context.getBeanFactory().registerSingleton("commandListener", listener));
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(PLACE);
        return new Running(run(application, all));
    }

    /** As arguments: whatever is set later comes too late for the logs. */
    private static ConfigurableApplicationContext run(SpringApplication application, Map<String, String> settings) {
        try {
            return application.run(settings.entrySet().stream()
                    .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                    .toArray(String[]::new));
        } catch (RuntimeException e) {
            throw StartupFailure.explain(e)
                    .<RuntimeException>map(why -> new InvalidInputException(why, e))
                    .orElse(e);
        }
    }

    private record Running(ConfigurableApplicationContext context) implements Service {

        @Override
        public int port() {
            return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        }

        @Override
        public GenerationEngine engine() {
            return context.getBean(LocalModel.class)
                    .engine()
                    .orElseThrow(
                            () -> new InvalidInputException(
                                    "whyrank.model is a remote one, which has no engine here to compare with; name a checkpoint"));
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
