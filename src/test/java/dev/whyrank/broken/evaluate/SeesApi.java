package dev.whyrank.broken.evaluate;

import dev.whyrank.broken.api.Controller;

/** Breaks: nothing sees api. */
class SeesApi {

    Controller controller() {
        return new Controller();
    }
}
