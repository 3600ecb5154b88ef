package dev.whyrank;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** The default model, which reads long documents whole, up to a bound. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class EmbeddedHostileTextTest extends HostileTextContract {

    @Override
    String ordinaryLabelSource() {
        return "stated";
    }
}
