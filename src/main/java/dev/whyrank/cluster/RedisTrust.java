package dev.whyrank.cluster;

import dev.whyrank.model.InvalidInputException;
import io.lettuce.core.SslOptions;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** Whose word this process takes that a Redis is the one it should talk to. */
final class RedisTrust {

    private RedisTrust() {}

    /**
     * What TLS trusts.
     *
     * @param authorities a PEM file of certificates, or their text; null for those that the JVM trusts
     * @throws InvalidInputException if there are none in it
     */
    static SslOptions of(@Nullable String authorities) {
        if (authorities == null) {
            return SslOptions.create();
        }
        try {
            PemSslStoreDetails details = PemSslStoreDetails.forCertificates(authorities);
            PemSslStoreBundle stores = new PemSslStoreBundle(null, details);
            return SslOptions.builder()
                    .trustManager(
                            SslManagerBundle.from(stores, SslBundleKey.NONE).getTrustManagerFactory())
                    .build();
        } catch (RuntimeException e) {
            throw new InvalidInputException(
                    "whyrank.cluster.redis-ca cannot be read: " + root(e).getMessage()
                            + "; give a PEM file of certificates, or their text",
                    e);
        }
    }

    /** Why Redis could not be reached, in a few words: what is at the bottom of it. */
    static String reason(Throwable failure) {
        boolean distrusted = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            distrusted |= cause instanceof CertificateException;
        }
        String reason = String.valueOf(root(failure).getMessage());
        return distrusted
                ? "its certificate is refused (" + reason + "); whyrank.cluster.redis-ca says whose are taken"
                : reason;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
