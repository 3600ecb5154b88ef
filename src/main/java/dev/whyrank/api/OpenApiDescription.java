package dev.whyrank.api;

import dev.whyrank.rerank.ErrorCode;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the API's description says beyond single fields: who may call, and every way to be refused. */
@Configuration(proxyBeanMethods = false)
class OpenApiDescription {

    private static final String RERANK_PATH = "/v1/rerank";
    private static final String QUERIES_PATH = "/v1/queries";
    private static final String BATCHES_PATH = "/v1/rerank/batches";
    private static final List<String> BATCH_PATHS =
            List.of(BATCHES_PATH + "/{id}", BATCHES_PATH + "/{id}/cancel", BATCHES_PATH + "/{id}/results");
    private static final List<ErrorCode> BATCH_REFUSALS = List.of(
            ErrorCode.UNAUTHORIZED,
            ErrorCode.FORBIDDEN,
            ErrorCode.NOT_FOUND,
            ErrorCode.NOT_ACCEPTABLE,
            ErrorCode.RATE_LIMITED,
            ErrorCode.ENGINE_FAILURE,
            ErrorCode.NOT_READY);
    /** Of a line, not of a batch. */
    private static final Set<ErrorCode> LINES_OWN =
            Set.of(ErrorCode.MODEL_NOT_FOUND, ErrorCode.CONTEXT_LENGTH_EXCEEDED, ErrorCode.DEADLINE_EXCEEDED);

    private static final List<ErrorCode> REFUSALS = List.of(
            ErrorCode.UNAUTHORIZED,
            ErrorCode.FORBIDDEN,
            ErrorCode.MODEL_NOT_FOUND,
            ErrorCode.NOT_ACCEPTABLE,
            ErrorCode.TOO_LARGE,
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            ErrorCode.CONTEXT_LENGTH_EXCEEDED,
            ErrorCode.OVERLOADED,
            ErrorCode.RATE_LIMITED,
            ErrorCode.ENGINE_FAILURE,
            ErrorCode.NOT_READY,
            ErrorCode.DEADLINE_EXCEEDED);

    @Bean
    OpenAPI description() {
        OpenAPI api = new OpenAPI()
                .info(new Info()
                        .title("Whyrank")
                        .version("v1")
                        .description("A reranking service that says why.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                // Relative, so that the description is the same wherever it is served.
                .servers(List.of(new Server().url("/")))
                .security(List.of(
                        new SecurityRequirement(),
                        new SecurityRequirement().addList("bearer"),
                        new SecurityRequirement().addList("apiKey")));
        api.schemaRequirement(
                "bearer", new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"));
        api.schemaRequirement(
                "apiKey",
                new SecurityScheme()
                        .type(SecurityScheme.Type.APIKEY)
                        .in(SecurityScheme.In.HEADER)
                        .name("X-Api-Key"));
        return api;
    }

    @Bean
    OpenApiCustomizer refusals() {
        return api -> {
            addRefusals(api, RERANK_PATH, REFUSALS);
            // A question has no deadline.
            addRefusals(
                    api,
                    QUERIES_PATH,
                    REFUSALS.stream()
                            .filter(code -> code != ErrorCode.DEADLINE_EXCEEDED)
                            .toList());
            addRefusals(
                    api,
                    BATCHES_PATH,
                    REFUSALS.stream().filter(code -> !LINES_OWN.contains(code)).toList());
            BATCH_PATHS.forEach(path -> addRefusals(api, path, BATCH_REFUSALS));
        };
    }

    private static void addRefusals(OpenAPI api, String name, List<ErrorCode> codes) {
        var path = api.getPaths().get(name);
        if (path != null) {
            path.readOperations().forEach(operation -> codes.forEach(code -> addRefusal(operation, code)));
        }
    }

    private static void addRefusal(Operation operation, ErrorCode code) {
        String name = Names.of(code);
        Content content = new Content()
                .addMediaType(
                        "application/problem+json",
                        new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem")));
        String status = String.valueOf(ErrorStatus.of(code).value());
        ApiResponse same = operation.getResponses().get(status);
        String others = same == null ? "" : same.getDescription() + ", ";
        operation
                .getResponses()
                .addApiResponse(
                        status,
                        new ApiResponse().description(others + "`" + name + "`").content(content));
    }
}
