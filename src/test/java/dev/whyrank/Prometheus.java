package dev.whyrank;

import dev.whyrank.api.Http;

/** The meters of a running service, as a scraper reads them. */
final class Prometheus {

    private final Http http;

    Prometheus(Http http) {
        this.http = http;
    }

    String scrape() {
        return http.get("/actuator/prometheus").body();
    }

    /**
     * The value of a series.
     *
     * @param series its name with its labels, as they are printed
     */
    double value(String series) {
        return scrape().lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series));
    }

    /** The sum over all series of a name. */
    double sum(String name) {
        return scrape().lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
