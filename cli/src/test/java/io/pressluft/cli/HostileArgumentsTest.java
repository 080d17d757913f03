package io.pressluft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Every command with every option and parameter, taken from the command line's own description, given hostile values: each
 * ends with a message and a documented exit code, without a trace, and at most with a request that the server refuses.
 */
class HostileArgumentsTest {
    /** They act on this machine, so only what is refused before they begin is tried on them. */
    private static final Set<String> LOCAL =
            Set.of("pressluft up", "pressluft dev", "pressluft down", "pressluft build", "pressluft test");

    private static final Set<String> TRIED_APART = Set.of("--url", "--data", "--output", "--help", "--version");

    @TempDir
    static Path data = Path.of("");

    private static FakeControlPlane server = start();
    private static final Map<String, String> ENVIRONMENT = new HashMap<>();
    private static Terminal.Session terminal = new Terminal.Session(ENVIRONMENT);

    private static FakeControlPlane start() {
        try {
            return new FakeControlPlane();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A server that knows nothing and refuses everything. */
    @BeforeAll
    static void point() {
        server.on("GET /api/nodes", 200, "{\"nodes\":[]}").on("GET /api/sites", 200, "{\"sites\":[]}");
        ENVIRONMENT.put("PRESSLUFT_URL", server.url());
        ENVIRONMENT.put("PRESSLUFT_TOKEN", "secret");
        ENVIRONMENT.put("PRESSLUFT_DATA", data.toString());
        terminal = new Terminal.Session(ENVIRONMENT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> a_value_is_refused() {
        return remote().stream()
                .flatMap(command -> values(command)
                        .flatMap(argument -> hostile(argument).stream().map(value -> {
                            var line = line(command, argument, value);
                            return DynamicTest.dynamicTest(name(line), () -> refused(line));
                        })));
    }

    @TestFactory
    Stream<DynamicTest> wrong_usage_is_refused_without_a_request() {
        return leaves().stream()
                .flatMap(command -> misuses(command).stream()
                        .map(line -> DynamicTest.dynamicTest(name(line), () -> {
                            int before = server.requests.size();
                            var ran = terminal.run(line.toArray(String[]::new));
                            ran.isCalm();
                            assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.USAGE);
                            assertThat(ran.err()).contains("Error: ");
                            assertThat(server.requests).hasSize(before);
                        })));
    }

    @TestFactory
    Stream<DynamicTest> an_address_that_is_none_is_refused() {
        return Stream.of(
                        "",
                        " ",
                        "nonsense",
                        "http://",
                        "http://[",
                        "http://[::1",
                        "http://a b",
                        "http://a\nb",
                        "http://a:99999",
                        "http://a:-1",
                        "http://a:0",
                        "http://a:x",
                        "http://a_b/",
                        "ftp://a/",
                        "file:///etc/passwd",
                        "javascript:alert(1)",
                        "http://a/%zz",
                        "http://a/\u001b[31m",
                        "http://user:password@a/",
                        "http://a/?x=y",
                        "http://a/#x",
                        "http:///api",
                        "//a",
                        "HTTP//a",
                        "http://\u202eexample",
                        "http://{a}/",
                        "http://a\\b/",
                        "http://$(id)/",
                        "jar:http://a!/")
                .map(url -> DynamicTest.dynamicTest(name(List.of("--url", url)), () -> {
                    var elsewhere = new HashMap<>(ENVIRONMENT);
                    elsewhere.remove("PRESSLUFT_URL");
                    var ran = Terminal.run(elsewhere, "--url", url, "node", "list");
                    ran.isCalm();
                    assertThat(ran.exit()).as("%s", ran).isIn(Exit.USAGE, Exit.UNREACHABLE);
                    assertThat(ran.err()).contains("what to do");
                }));
    }

    @TestFactory
    Stream<DynamicTest> a_token_that_is_none_is_refused() {
        return Stream.of("a b", "a\nb", "a\r\nX-Injected: 1", "\u001b[31m", "\u00e4", "\u20ac", "a\0b")
                .map(token -> DynamicTest.dynamicTest(name(List.of("PRESSLUFT_TOKEN", token)), () -> {
                    var other = new HashMap<>(ENVIRONMENT);
                    other.put("PRESSLUFT_TOKEN", token);
                    int before = server.requests.size();
                    var ran = Terminal.run(other, "node", "list");
                    ran.isCalm();
                    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.USAGE);
                    assertThat(server.requests).hasSize(before);
                }));
    }

    @TestFactory
    Stream<DynamicTest> a_password_file_that_holds_none_is_refused() {
        return Stream.of("/dev/zero", "/dev/full", "/", "/proc/self/mem", "/dev/null/x", latin1().toString())
                .map(file -> DynamicTest.dynamicTest(name(List.of(file)), () -> {
                    int before = server.requests.size();
                    var ran =
                            Terminal.run(ENVIRONMENT, "node", "create", "--ssh-host=legal", "--password-file=" + file);
                    ran.isCalm();
                    assertThat(ran.exit()).as("%s", ran).isEqualTo(Exit.USAGE);
                    assertThat(server.requests).hasSize(before);
                }));
    }

    private static Path latin1() {
        try {
            return Files.write(data.resolve("latin1"), new byte[] {'p', (byte) 0xe4, 's'});
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_value_that_begins_with_an_at_sign_is_not_read_from_a_file() throws IOException {
        Path file = Files.writeString(data.resolve("title"), "secret of a file");
        Terminal.run(ENVIRONMENT, "site", "create", "x", "--title", "@" + file);
        assertThat(server.requests.getLast().body()).contains("@" + file).doesNotContain("secret of a file");
    }

    @Test
    void every_command_of_the_server_is_tried() {
        assertThat(remote().stream().map(CommandSpec::qualifiedName))
                .contains("pressluft site create", "pressluft node delete", "pressluft token create")
                .hasSizeGreaterThan(15);
    }

    private void refused(List<String> line) {
        int before = server.requests.size();
        var ran = terminal.run(line.toArray(String[]::new));
        ran.isCalm();
        assertThat(ran.exit()).as("%s", ran).isIn(Exit.USAGE, Exit.REFUSED);
        assertThat(ran.err()).as("%s", ran).contains("Error: ");
        assertThat(server.requests.subList(before, server.requests.size()))
                .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("x-injected"))
                .allSatisfy(request -> assertThat(request.path()).startsWith("/api/"));
    }

    private static List<CommandSpec> leaves() {
        return leaves(new Pressluft(new Output(System.out, System.err, 0), Map.of()).line());
    }

    private static List<CommandSpec> leaves(CommandLine of) {
        return of.getSubcommands().isEmpty()
                ? List.of(of.getCommandSpec())
                : of.getSubcommands().values().stream()
                        .flatMap(command -> leaves(command).stream())
                        .toList();
    }

    private static List<CommandSpec> remote() {
        return leaves().stream()
                .filter(command -> !LOCAL.contains(command.qualifiedName()))
                .toList();
    }

    /** What takes a value and belongs to this command. */
    private static Stream<ArgSpec> values(CommandSpec command) {
        return command.args().stream()
                .filter(argument -> argument.arity().max() > 0)
                .filter(argument ->
                        !(argument instanceof OptionSpec option) || !TRIED_APART.contains(option.longestName()));
    }

    private static List<String> hostile(ArgSpec argument) {
        var type = argument.type();
        if (type == int.class || type == Integer.class || type == Double.class)
            return List.of(
                    "",
                    " ",
                    "x",
                    "1e",
                    "0x",
                    "9".repeat(400),
                    "1,5",
                    "\u0663x",
                    "--",
                    "$(id)",
                    "1;2",
                    "\u001b[31m",
                    "1\n",
                    "NaNs",
                    "1 2");
        return Hostile.texts();
    }

    /** The command with all it requires, and the value where it belongs. */
    private static List<String> line(CommandSpec command, ArgSpec tried, String value) {
        var line = words(command);
        if (command.qualifiedName().equals("pressluft node create") && !isOption(tried, "--provider", "--ssh-host"))
            line.add("--ssh-host=legal");
        for (OptionSpec option : command.options())
            if (option.equals(tried)) line.add(option.longestName() + "=" + value);
            else if (option.required()) line.add(option.longestName() + "=legal");
        line.add("--");
        for (var parameter : command.positionalParameters())
            if (parameter.equals(tried)) line.add(value);
            else if (parameter.arity().min() > 0) line.add("legal");
        return line;
    }

    private static boolean isOption(ArgSpec argument, String... names) {
        return argument instanceof OptionSpec option && List.of(names).contains(option.longestName());
    }

    private static List<List<String>> misuses(CommandSpec command) {
        var all = new ArrayList<List<String>>();
        for (String wrong :
                List.of("--no-such-option", "--no-such-option=\u001b[31m", "-\u202ex", "--output=\u009bx", "-o"))
            all.add(with(command, wrong));
        if (!command.qualifiedName().equals("pressluft test"))
            all.add(with(command, "a", "b", "c", "\u001b[2J", "\u2028"));
        if (command.args().stream().anyMatch(ArgSpec::required)) all.add(words(command));
        for (OptionSpec option : command.options()) {
            if (option.arity().max() > 0) all.add(with(command, option.longestName()));
            else if (!option.usageHelp() && !option.versionHelp())
                all.add(with(command, option.longestName() + "=\u001b[31m"));
        }
        return all;
    }

    private static List<String> with(CommandSpec command, String... more) {
        var line = words(command);
        line.addAll(Arrays.asList(more));
        return line;
    }

    private static List<String> words(CommandSpec command) {
        return new ArrayList<>(Arrays.asList(command.qualifiedName().split(" "))
                .subList(1, command.qualifiedName().split(" ").length));
    }

    private static String name(List<String> line) {
        String text = Text.line(String.join(" ", line)).replaceAll("[^ -~]", "?");
        return Text.shortened(text, 120);
    }
}
