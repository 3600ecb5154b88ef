package dev.whyrank;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Whyrank. */
@SpringBootApplication
public class WhyrankApplication {

    /** Serves over HTTP. */
    public static void main(String[] args) {
        SpringApplication.run(WhyrankApplication.class, args);
    }
}
