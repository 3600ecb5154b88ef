package dev.whyrank;

import dev.whyrank.cli.WhyrankCli;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Whyrank. */
@SpringBootApplication
public class WhyrankApplication {

    /** Runs a command, or serves over HTTP: the latter with no arguments, with {@code serve}, or with settings only. */
    public static void main(String[] args) {
        if (WhyrankCli.handles(args)) {
            System.setProperty("logback.configurationFile", "logback-cli.xml");
            System.exit(WhyrankCli.run(new LocalRerankerFactory(), new LocalServiceFactory(), args));
        }
        serve(WhyrankCli.settings(args).toArray(String[]::new));
    }

    private static void serve(String... settings) {
        SpringApplication application = new SpringApplication(WhyrankApplication.class);
        application.addInitializers(SettingNames::guard);
        try {
            application.run(settings);
        } catch (RuntimeException e) {
            if (StartupFailure.explain(e).isPresent()) {
                System.exit(StartupFailure.EXIT_STATUS);
            }
            throw e;
        }
    }
}
