package io.pressluft.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/** Looks into the instance's own PostgreSQL, for what the API does not show, and disturbs it. Reads only. */
final class Database {

    private static final Pattern PORT = Pattern.compile(" -p ([0-9]+) ");

    private final Path data;

    Database(Path data) {
        this.data = data;
    }

    /** The first column of all rows as text. */
    List<String> column(String sql, String... parameters) {
        try (var connection = connect();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            var values = new ArrayList<String>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    String value(String sql, String... parameters) {
        return column(sql, parameters).getFirst();
    }

    /** As Spring reads them. */
    Map<String, String> environment() {
        return Map.of(
                "SPRING_DATASOURCE_URL", url(),
                "SPRING_DATASOURCE_USERNAME", "postgres",
                "SPRING_DATASOURCE_PASSWORD", password());
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port());
    }

    private String password() {
        try {
            return Files.readString(data.resolve("embedded.password")).strip();
        } catch (IOException e) {
            throw new AssertionError("the password of the embedded servers cannot be read", e);
        }
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", password());
        var connection = DriverManager.getConnection(url(), properties);
        connection.setReadOnly(true);
        return connection;
    }

    /** Kills the server's first process as kill -9 does; the others end with it. */
    void kill() {
        try {
            var pid = Files.readAllLines(data.resolve("postgresql/data/postmaster.pid"))
                    .getFirst();
            Commands.run(List.of("kill", "-KILL", pid.strip())).require();
        } catch (IOException e) {
            throw new AssertionError("the instance's PostgreSQL does not run", e);
        }
    }

    private int port() {
        return Processes.of(data.resolve("postgresql").toString()).stream()
                .map(process -> PORT.matcher(process.commandLine() + " "))
                .filter(java.util.regex.Matcher::find)
                .map(match -> Integer.parseInt(match.group(1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the instance's PostgreSQL does not run"));
    }
}
