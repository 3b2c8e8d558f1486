package dev.tributary.app.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class CliTest {

  @TempDir Path directory;

  static Stream<CommandLine> everyCommand() {
    Console console = new Console(System.out, new PrintStream(System.err), false, false, false);
    return flatten(new Cli(console).commandLine());
  }

  private static Stream<CommandLine> flatten(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(CliTest::flatten));
  }

  @ParameterizedTest
  @MethodSource("everyCommand")
  void everyCommandsHelpTeachesWithAnExample(CommandLine command) {
    boolean ours = !command.getCommandName().equals("generate-completion");
    boolean shown = !command.getCommandSpec().usageMessage().hidden();

    String help = command.getUsageMessage();

    assertTrue(help.contains("Usage: tributary"), help);
    if (ours && shown) {
      assertTrue(help.contains("tributary " + ownWords(command)), help);
      assertTrue(help.contains("Example") || help.contains("Start here"), help);
    }
  }

  private static String ownWords(CommandLine command) {
    String qualified = command.getCommandSpec().qualifiedName();
    return qualified.contains(" ") ? qualified.substring(qualified.indexOf(' ') + 1) : "up";
  }

  @Test
  void helpAndVersionGoToStandardOutputAndEndWithZero() {
    CliRun help = CliRun.of("--help");
    CliRun version = CliRun.of("--version");
    CliRun deep = CliRun.of("adapters", "promote", "--help");

    assertAll(
        () -> assertEquals(0, help.exitCode()),
        () -> assertTrue(help.out().contains("Exit codes: 0 done"), help.out()),
        () -> assertEquals(0, version.exitCode()),
        () ->
            assertTrue(
                version.out().matches("(?s)tributary \\d+\\.\\d+.*Java 25.*"), version.out()),
        () -> assertEquals(0, deep.exitCode()),
        () -> assertEquals("", help.err() + version.err() + deep.err()));
  }

  @Test
  void shellCompletionIsGenerated() {
    CliRun completion = CliRun.of("generate-completion");

    assertEquals(0, completion.exitCode());
    assertTrue(completion.out().contains("complete -F _complete_tributary"), completion.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tun|Did you mean: tributary tune?",
        "''|say what to do",
        "adapters|say what to do",
        "generate --prompt x|Missing required option: '--model=DIR'",
        "generate --model m --prompt x --temperature hot|Invalid value for option '--temperature'",
        "adapters list -o xml|Invalid value for option '--output'",
        "adapters list --evaluator-url localhost:8083|localhost:8083: is no HTTP address",
        "adapters list --evaluator-url evaluator|evaluator: is no HTTP address",
        "feedback|say what to do: send or show",
        "instructions|say what to do: show",
        "feedback send --thumb up|Missing required argument",
        "feedback send --request-id r|Missing required argument",
        "feedback send --request-id r --thumb up --rating 3|mutually exclusive",
        "feedback send --ask q --thumb up|Missing required argument(s): --adapter=TENANT/DOMAIN",
        "feedback send --request-id r --ask q --adapter a/b --thumb up|mutually exclusive",
        "feedback send --request-id r --thumb sideways|Invalid value for option '--thumb'",
        "feedback send --request-id r --thumb up --source boss|Invalid value for option '--source'",
        "feedback send --request-id r --thumb up --timeout 1w|1w' is no duration",
        "feedback show|Missing required parameter: 'ID'",
        "import f.jsonl --adapter A/b|adapter: 'A/b' cannot be used",
        "import f.jsonl --adapter a/b|f.jsonl: there is no such file",
        "tune --data d --out o|--model is missing; give the flag, or model_name_or_path",
        "tune --lora-rank 8|Tributary calls it '--r'",
        "tune --lora_r=8|Tributary calls it '--r'",
        "tune --lora-target c_attn|Tributary calls it '--target-modules'",
        "tune --cutoff-len 8|Tributary calls it '--max-length'",
        "tune --finetuning-type lora|Tributary calls it '--method'",
        "score --model no-such-dir --data d|no-such-dir",
        "broker --port 70000|broker port: '70000' cannot be used",
        "broker --heap huge|broker heap: 'huge' cannot be used",
        "serve --config no.yaml|no.yaml: there is no such file",
      })
  void wrongUsageIsToldInOneSentenceAndEndsWithTwo(String command, String sentence) {
    String[] arguments = command.isEmpty() ? new String[0] : command.split(" ");

    CliRun run = CliRun.of(arguments);

    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(sentence), run.err());
    assertTrue(run.err().startsWith("tributary: "), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    assertEquals("", run.out());
  }

  @Test
  void theTraceOfAnErrorShowsOnlyWhenAskedFor() {
    CliRun quiet = CliRun.of("serve", "--config", "no.yaml");
    CliRun verbose = CliRun.of("--verbose", "serve", "--config", "no.yaml");

    assertFalse(quiet.err().contains("ConfigException"), quiet.err());
    assertTrue(verbose.err().contains("\tat dev.tributary"), verbose.err());
    assertEquals(2, verbose.exitCode());
  }

  @Test
  void anUnknownKeyNamesTheNearestKnownOne() throws Exception {
    Path file = Files.writeString(directory.resolve("t.yaml"), "trainer:\n  learning_rat: 1e-4\n");

    CliRun run = CliRun.of("config", "check", file.toString());

    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("did you mean 'learning_rate'?"), run.err());
  }

  @Test
  void aServiceAloneNeedsToBeToldItsBroker() throws Exception {
    Path file = Files.writeString(directory.resolve("t.yaml"), "state_dir: s\n");

    CliRun run = CliRun.of("ingest", "--config", file.toString());

    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("bootstrap.servers is missing"), run.err());
  }

  @Test
  void theShownConfigurationCanBeReadAgainAndHidesSecrets() throws Exception {
    // given
    Path file =
        Files.writeString(
            directory.resolve("t.yaml"),
            "kafka:\n  bootstrap.servers: b:1\n  ssl.key.password: geheim\nstate_dir: /var/s\n");

    // when
    CliRun shown = CliRun.of("config", "show", file.toString());
    Path again = Files.writeString(directory.resolve("again.yaml"), shown.out());
    CliRun shownAgain = CliRun.of("config", "show", again.toString());

    // then
    assertEquals(0, shown.exitCode(), shown.err());
    assertFalse(shown.out().contains("geheim"), shown.out());
    assertEquals(shown.out(), shownAgain.out(), shownAgain.err());
  }
}
