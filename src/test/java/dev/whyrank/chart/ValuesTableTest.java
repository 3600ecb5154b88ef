package dev.whyrank.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The chart's README is its values.yaml as a table: names, defaults and the comments above them. */
class ValuesTableTest {

    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z]+):(.*)");
    private static final Pattern COMMENT = Pattern.compile(" *# ?(.*)");

    /** A value with a comment, or one without, which must then be a section. */
    private record Row(String path, String comment) {}

    @Test
    void tableIsCurrent() throws Exception {
        StringBuilder table = new StringBuilder("# Values of the chart\n\n");
        table.append("Made from the comments in `values.yaml`; `values.schema.json` refuses anything else.\n\n");
        table.append("| value | default | meaning |\n|---|---|---|\n");
        for (Row row : rows()) {
            table.append("| `%s` | `%s` | %s |\n".formatted(row.path(), fallback(row.path()), row.comment()));
        }
        Golden.assertCurrent(Chart.FOLDER.resolve("README.md"), table.toString());
    }

    @Test
    void everyValueIsExplained() throws Exception {
        List<String> explained = rows().stream().map(Row::path).toList();
        List<String> leaves = new ArrayList<>();
        leaves("", values(), explained, leaves);
        assertThat(leaves).isNotEmpty().isSubsetOf(explained);
    }

    private static void leaves(String prefix, Map<?, ?> map, List<String> explained, List<String> found) {
        map.forEach((key, value) -> {
            String path = prefix + key;
            if (value instanceof Map<?, ?> section && !explained.contains(path)) {
                leaves(path + ".", section, explained, found);
            } else {
                found.add(path);
            }
        });
    }

    private static List<Row> rows() throws Exception {
        List<Row> rows = new ArrayList<>();
        Deque<String> path = new ArrayDeque<>();
        List<String> comment = new ArrayList<>();
        for (String line : Files.readAllLines(Chart.FOLDER.resolve("values.yaml"))) {
            Matcher key = KEY.matcher(line);
            Matcher said = COMMENT.matcher(line);
            if (said.matches()) {
                comment.add(said.group(1).strip());
            } else if (key.matches()) {
                int depth = key.group(1).length() / 2;
                while (path.size() > depth) {
                    path.removeLast();
                }
                path.addLast(key.group(2));
                if (!comment.isEmpty()) {
                    rows.add(new Row(String.join(".", path), String.join(" ", comment)));
                }
                comment.clear();
            } else {
                comment.clear();
            }
        }
        return rows;
    }

    private static Map<?, ?> values() throws Exception {
        return Chart.yaml().load(Files.readString(Chart.FOLDER.resolve("values.yaml")));
    }

    private static String fallback(String path) throws Exception {
        Object value = values();
        for (String name : List.of(path.split("\\.", -1))) {
            value = Objects.requireNonNull(((Map<?, ?>) Objects.requireNonNull(value)).get(name));
        }
        return new JsonMapper().writeValueAsString(value);
    }
}
