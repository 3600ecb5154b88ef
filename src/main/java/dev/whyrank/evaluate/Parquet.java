package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads parquet files through an in-memory DuckDB, which never fetches anything. */
final class Parquet {

    /** A row; its values are gone once the consumer returns. */
    record Row(Path file, long number, ResultSet values) {

        /** A string that must be there. */
        String text(String column) {
            try {
                String value = values.getString(column);
                if (value == null) {
                    throw bad(column + " is null");
                }
                return value;
            } catch (SQLException e) {
                throw unreadable(file, e);
            }
        }

        /** What is wrong with the row. */
        InvalidInputException bad(String reason) {
            return new InvalidInputException(file + ": row " + number + ": " + reason);
        }

        /** The strings of a list; a null is an empty one. */
        Set<String> texts(String column) {
            try {
                Array array = values.getArray(column);
                Set<String> texts = new LinkedHashSet<>();
                if (array != null && array.getArray() instanceof Object[] elements) {
                    for (Object element : elements) {
                        texts.add(String.valueOf(element));
                    }
                }
                return texts;
            } catch (SQLException e) {
                throw unreadable(file, e);
            }
        }
    }

    private Parquet() {}

    /**
     * Hands over each row in the order of the file.
     *
     * @throws InvalidInputException if the file is no parquet or lacks a column
     */
    static void read(Path file, List<String> columns, Consumer<Row> consumer) {
        Properties settings = new Properties();
        settings.setProperty("autoinstall_known_extensions", "false");
        String names = columns.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:", settings);
                PreparedStatement select =
                        duckDb.prepareStatement("SELECT " + names + " FROM read_parquet('" + quoted(file) + "')");
                ResultSet rows = select.executeQuery()) {
            for (long number = 1; rows.next(); number++) {
                consumer.accept(new Row(file, number, rows));
            }
        } catch (SQLException e) {
            throw unreadable(file, e);
        }
    }

    private static String quoted(Path file) {
        return file.toString().replace("'", "''");
    }

    private static InvalidInputException unreadable(Path file, SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return new InvalidInputException(file + ": cannot be read as BRIGHT's parquet: " + message, e);
    }
}
