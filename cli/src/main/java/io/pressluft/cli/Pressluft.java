package io.pressluft.cli;

import com.google.gson.JsonObject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root command: what all commands share, and where their endings become exit codes. */
@Command(
        name = "pressluft",
        description = "Self-hosted WordPress hosting: machines into nodes, nodes into proven sites.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Pressluft.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 ok, 1 failed job or server error, 2 usage, 3 refused request, 4 unreachable.",
            "The server is --url or PRESSLUFT_URL with PRESSLUFT_TOKEN, else the one running on this machine."
        })
final class Pressluft implements Callable<Integer> {
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Output output;
    private final Map<String, String> environment;

    @Option(
            names = "--url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "The control plane, e.g. http://127.0.0.1:7600.")
    private @Nullable String url;

    @Option(
            names = "--data",
            scope = ScopeType.INHERIT,
            paramLabel = "DIRECTORY",
            description = "Data of the instance on this machine (default: PRESSLUFT_DATA, else .pressluft).")
    private @Nullable Path data;

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            description = "human (default) or json.")
    void format(OutputFormat format) {
        output.json(format == OutputFormat.json);
    }

    enum OutputFormat {
        human,
        json
    }

    Pressluft(Output output, Map<String, String> environment) {
        this.output = output;
        this.environment = Map.copyOf(environment);
    }

    static void main(String[] args) {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        var output = new Output(out, err, Integer.getInteger("pressluft.columns", 0));
        System.exit(new Pressluft(output, System.getenv()).run(args));
    }

    int run(String... args) {
        return line().execute(args);
    }

    /** Every command there is. An argument that begins with an at sign is a value like any other, not a file to read. */
    CommandLine line() {
        var line = new CommandLine(this)
                .addSubcommand(new UpCommand(this))
                .addSubcommand(new DevCommand(this))
                .addSubcommand(new DownCommand(this))
                .addSubcommand(new LauncherCommands.Build(this))
                .addSubcommand(new LauncherCommands.Test(this))
                .addSubcommand(new NodeCommands(this))
                .addSubcommand(new SiteCommands(this))
                .addSubcommand(new EnvCommands(this))
                .addSubcommand(new JobCommands(this))
                .addSubcommand(new AlertCommands(this))
                .addSubcommand(new SettingCommands(this))
                .addSubcommand(new TokenCommands(this))
                .setUsageHelpAutoWidth(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setExpandAtFiles(false);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof CliException failure) {
                output.error(failure);
                return failure.exit();
            }
            if (e instanceof CommandLine.ParameterException usage) throw usage;
            output.problem("Error: the command line itself failed: " + e);
            for (StackTraceElement frame : e.getStackTrace()) output.problem("    at " + frame);
            return Exit.FAILED;
        });
        line.setParameterExceptionHandler((e, arguments) -> {
            output.problem("Error: " + e.getMessage());
            output.problem(
                    "  what to do    " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return Exit.USAGE;
        });
        return line;
    }

    @Override
    public Integer call() {
        CommandLine.usage(this, System.out);
        return Exit.USAGE;
    }

    Output output() {
        return output;
    }

    DataDirectory data() {
        return DataDirectory.at(data, environment.get("PRESSLUFT_DATA"), home());
    }

    /** The checkout that this command line belongs to. */
    static Path home() {
        String given = System.getProperty("pressluft.home");
        if (given != null) return Path.of(given).toAbsolutePath().normalize();
        try {
            Path jar = Path.of(Pressluft.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path target = jar.getParent();
            Path module = target == null ? null : target.getParent();
            Path home = module == null ? null : module.getParent();
            return home == null ? Path.of("").toAbsolutePath() : home;
        } catch (java.net.URISyntaxException e) {
            return Path.of("").toAbsolutePath();
        }
    }

    /** The named server, else the one on this machine; its own token is never sent to another address. */
    Api api() {
        String given = url != null ? url : environment.get("PRESSLUFT_URL");
        String token = environment.get("PRESSLUFT_TOKEN");
        DataDirectory directory = data();
        Instance instance = directory.instance();
        if (given == null || given.isBlank()) {
            if (instance == null) throw CliException.noInstance(directory.path().toString());
            return new Api(instance.url(), token != null ? token : directory.operatorToken());
        }
        if (!Api.reachable(given))
            throw CliException.usage(
                    "url_invalid",
                    "%s is not an http or https address".formatted(given),
                    "Give --url http://host:port.");
        boolean local = instance != null && new Api(instance.url(), null).base().equals(new Api(given, null).base());
        return new Api(given, token != null ? token : local ? directory.operatorToken() : null);
    }

    /** The end of the job, or of the attempts with which the control plane has followed it by itself. */
    JsonObject follow(Api api, String job) {
        JsonObject ended = new JobWatch(api, new Progress(output), PATIENCE).follow(job);
        String next = JobWatch.succeeded(ended) ? null : Json.text(ended, "retriedBy");
        if (next == null || Json.number(api.get("/api/jobs/" + Api.encoded(next)), "attempt", 1) < 2) return ended;
        output.say("Job %s failed (%s); the control plane tries again as job %s."
                .formatted(job, JobWatch.failureCode(ended), next));
        return follow(api, next);
    }

    /** The exit code that a settled job stands for, after its failure has been explained. */
    int ended(JsonObject job) {
        if (JobWatch.succeeded(job)) return Exit.OK;
        output.failedJob(job);
        return Exit.FAILED;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Pressluft.class.getPackage().getImplementationVersion();
            return new String[] {"pressluft " + (version == null ? "development" : version)};
        }
    }
}
