package dev.whyrank;

import dev.whyrank.cluster.ClusterProperties;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** A worker answers nobody over HTTP; every other process does. */
final class HasHttp implements Condition {

    private static final String ROLE = "whyrank.cluster.role";

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        String role = context.getEnvironment().getProperty(ROLE, "");
        return !role.equalsIgnoreCase(ClusterProperties.Role.WORKER.name());
    }
}
