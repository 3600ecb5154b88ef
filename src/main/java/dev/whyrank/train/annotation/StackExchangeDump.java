package dev.whyrank.train.annotation;

import dev.whyrank.model.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The files of a Stack Exchange dump, row by row, so that a file of any size takes no memory. Document types and external
 * entities are off.
 */
final class StackExchangeDump {

    private static final String QUESTION = "1";
    private static final String ANSWER = "2";
    private static final String DUPLICATE = "3";

    private final Path folder;

    /** A link between questions; a duplicate is a strong one. */
    record Link(int to, boolean duplicate) {}

    StackExchangeDump(Path folder) {
        this.folder = folder;
    }

    /** Reads attributes of one row. */
    @FunctionalInterface
    private interface Row extends Function<String, String> {}

    /**
     * Questions and answers in the order of the file.
     *
     * @throws InvalidInputException naming file and line
     */
    void posts(Consumer<Post> visitor) {
        rows("Posts.xml", row -> {
            String type = row.apply("PostTypeId");
            if (type.equals(QUESTION) || type.equals(ANSWER)) {
                visitor.accept(new Post(
                        number(row, "Id"),
                        type.equals(QUESTION),
                        type.equals(ANSWER) ? number(row, "ParentId") : 0,
                        row.apply("AcceptedAnswerId").isEmpty() ? 0 : number(row, "AcceptedAnswerId"),
                        row.apply("Title"),
                        row.apply("Body")));
            }
        });
    }

    /** Links by where they come from, each target once. */
    Map<Integer, List<Link>> links() {
        Map<Integer, List<Link>> links = new HashMap<>();
        rows("PostLinks.xml", row -> {
            Link link = new Link(
                    number(row, "RelatedPostId"), row.apply("LinkTypeId").equals(DUPLICATE));
            List<Link> known = links.computeIfAbsent(number(row, "PostId"), from -> new ArrayList<>());
            if (known.stream().noneMatch(other -> other.to() == link.to())) {
                known.add(link);
            }
        });
        return links;
    }

    private static int number(Row row, String attribute) {
        try {
            return Integer.parseInt(row.apply(attribute));
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    attribute + " must be a whole number, not '" + row.apply(attribute) + "'", e);
        }
    }

    private void rows(String name, Consumer<Row> visitor) {
        Path file = folder.resolve(name);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            XMLStreamReader reader = factory().createXMLStreamReader(in);
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamReader.START_ELEMENT
                        && reader.getLocalName().equals("row")) {
                    visit(reader, file, visitor);
                }
            }
        } catch (NoSuchFileException e) {
            throw new InvalidInputException(file + ": no such file; give the folder of an unpacked dump", e);
        } catch (IOException | XMLStreamException e) {
            throw new InvalidInputException(file + ": cannot be read as XML: " + e.getMessage(), e);
        }
    }

    private static void visit(XMLStreamReader reader, Path file, Consumer<Row> visitor) {
        int line = reader.getLocation().getLineNumber();
        try {
            visitor.accept(attribute -> {
                String value = reader.getAttributeValue(null, attribute);
                return value == null ? "" : value;
            });
        } catch (InvalidInputException e) {
            throw new InvalidInputException(file + ", line " + line + ": " + e.getMessage(), e);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        // Without document types nothing can be expanded; the limits would only end large files.
        factory.setProperty("jdk.xml.totalEntitySizeLimit", "0");
        factory.setProperty("jdk.xml.maxGeneralEntitySizeLimit", "0");
        return factory;
    }
}
