package dev.whyrank.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.testcontainers.DockerClientFactory;

/** The image under test. */
final class Image {

    private static final String VARIABLE = "CONTAINER_IMAGE";

    private Image() {}

    /** Its name. Skips the calling test where no image is named or no engine runs, except in CI: there it fails. */
    static String require() {
        String image = System.getenv(VARIABLE);
        if ("true".equals(System.getenv("CI"))) {
            assertThat(image).as("%s, which .ci/run sets", VARIABLE).isNotBlank();
        }
        assumeTrue(
                image != null && !image.isBlank(),
                VARIABLE + " is not set: build the image with docker, set it to the image's name and run again");
        assumeTrue(
                "true".equals(System.getenv("CI"))
                        || DockerClientFactory.instance().isDockerAvailable(),
                "no Docker engine answers: start one, or set DOCKER_HOST");
        return image;
    }
}
