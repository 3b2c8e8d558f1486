package dev.tributary.app.cli.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.cli.CliRun;
import dev.tributary.engine.testing.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tune}, {@code score} and {@code generate} on a real, tiny model. */
class ModelCommandsTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path shared;
  private static Path model;
  private static Path data;

  @TempDir Path directory;

  @BeforeAll
  static void writeModelAndData() throws Exception {
    model = TinyModel.write(shared.resolve("model"), 1);
    data =
        Files.writeString(
            shared.resolve("data.jsonl"),
            """
            {"instruction": "What are your hours?", "output": "We open at nine."}
            {"prompt": "How do I pay?", "completion": " by card"}
            {"messages": [{"role": "user", "content": "Where?"}, {"role": "assistant", "content": "the shop"}]}
            {"text": "We close at six."}
            {"input_ids": [5, 6, 7, 8], "labels": [-100, -100, 7, 8]}
            """);
  }

  @Test
  void aTunedAdapterLowersTheLossOfItsRecords() {
    // given
    Path adapter = directory.resolve("adapter");
    JsonNode before =
        json(CliRun.of("score", "--model", model + "", "--data", data + "", "-o", "json"));

    // when
    JsonNode summary =
        json(
            tune(
                adapter,
                "--max-steps",
                "40",
                "--learning-rate",
                "0.02",
                "--target-modules",
                "c_attn,c_proj",
                "-o",
                "json"));
    JsonNode after =
        json(
            CliRun.of(
                "score",
                "--model",
                model + "",
                "--adapter",
                adapter + "",
                "--data",
                data + "",
                "-o",
                "json"));

    // then
    assertEquals(40, summary.path("steps").intValue());
    assertEquals(5, summary.path("examples").intValue());
    assertTrue(summary.path("tokens_per_second").doubleValue() > 0);
    assertEquals(5, before.path("records").size());
    assertTrue(
        after.path("mean_loss").doubleValue() < 0.8 * before.path("mean_loss").doubleValue(),
        before.path("mean_loss") + " then " + after.path("mean_loss"));
    assertEquals(
        Math.exp(after.path("mean_loss").doubleValue()),
        after.path("perplexity").doubleValue(),
        1e-9);
    assertTrue(Files.exists(adapter.resolve("adapter_config.json")));
  }

  @Test
  void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws Exception {
    byte[] first = tuned("a", "--seed", "3");
    byte[] again = tuned("b", "--seed", "3");
    byte[] other = tuned("c", "--seed", "4");

    assertArrayEquals(first, again);
    assertFalse(Arrays.equals(first, other));
  }

  @Test
  void aFlagWinsOverTheRecipeAndTheRecipeOverTheDefault() throws Exception {
    // given
    Path recipe =
        Files.writeString(
            directory.resolve("recipe.yaml"),
            """
            model_name_or_path: %s
            train_file: %s
            output_dir: %s
            r: 2
            lora_alpha: 4
            max_steps: 1
            """
                .formatted(model, data, directory.resolve("out")));

    // when
    CliRun run = CliRun.of("tune", "--config", recipe.toString(), "--lora_alpha", "12");

    // then
    assertEquals(0, run.exitCode(), run.err());
    JsonNode config = JSON.readTree(Files.readString(directory.resolve("out/adapter_config.json")));
    assertEquals(12, config.path("lora_alpha").intValue());
    assertEquals(2, config.path("r").intValue());
    assertEquals("c_attn", config.path("target_modules").path(0).stringValue());
  }

  @Test
  void anotherToolsKeyInARecipeIsAnsweredWithOurs() throws Exception {
    Path recipe = Files.writeString(directory.resolve("recipe.yaml"), "lora_rank: 8\n");

    CliRun run = CliRun.of("tune", "--config", recipe.toString());

    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("Tributary calls it 'r'"), run.err());
  }

  @Test
  void tokensNeedNoTokenizerButTextDoes() throws Exception {
    // given a model directory without one
    Path bare = Files.createDirectory(directory.resolve("bare"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(model.resolve(file), bare.resolve(file));
    }
    Path tokens =
        Files.writeString(
            directory.resolve("t.jsonl"), "{\"input_ids\": [1, 2, 3], \"labels\": [-100, 2, 3]}\n");

    // when
    CliRun score = CliRun.of("score", "--model", bare + "", "--data", tokens + "");
    CliRun text = CliRun.of("score", "--model", bare + "", "--data", data + "");

    // then
    assertEquals(0, score.exitCode(), score.err());
    assertTrue(score.out().matches("1\\t2\\t\\d+\\.\\d{6}\\n"), score.out());
    assertEquals(2, text.exitCode());
    assertTrue(text.err().contains("tokenizer.json"), text.err());
  }

  @Test
  void aBadLineIsNamed() throws Exception {
    Path broken =
        Files.writeString(directory.resolve("b.jsonl"), "{\"text\": \"We open\"}\n{\"text\": ");

    CliRun run = CliRun.of("score", "--model", model + "", "--data", broken + "");

    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains("b.jsonl line 2: is not one JSON object"), run.err());
  }

  @Test
  void recordsWithoutASupervisedTokenAreCountedNotTrainedOn() throws Exception {
    Path some =
        Files.writeString(
            directory.resolve("s.jsonl"),
            "{\"input_ids\": [1, 2], \"labels\": [-100, -100]}\n"
                + "{\"input_ids\": [1, 2], \"labels\": [-100, 2]}\n");
    Path none =
        Files.writeString(
            directory.resolve("n.jsonl"), "{\"input_ids\": [1, 2], \"labels\": [-100, -100]}\n");

    JsonNode scored =
        json(CliRun.of("score", "--model", model + "", "--data", some + "", "-o", "json"));
    CliRun refused = CliRun.of("score", "--model", model + "", "--data", none + "");

    assertEquals(1, scored.path("unsupervised").intValue());
    assertEquals(1, scored.path("records").size());
    assertEquals(2, refused.exitCode());
    assertTrue(refused.err().contains("no record has a supervised token"), refused.err());
  }

  @Test
  void generationIsGreedyOrSeededAndStopsWhereTold() {
    String[] ask = {
      "generate", "--model", model + "", "--prompt", "We open", "--max-new-tokens", "12"
    };

    CliRun greedy = CliRun.of(ask);
    CliRun greedyAgain = CliRun.of(ask);
    CliRun drawn = CliRun.of(with(ask, "--temperature", "2", "--seed", "1"));
    CliRun drawnAgain = CliRun.of(with(ask, "--temperature", "2", "--seed", "1"));
    JsonNode json = json(CliRun.of(with(ask, "-o", "json")));

    assertEquals(0, greedy.exitCode(), greedy.err());
    assertEquals(greedy.out(), greedyAgain.out());
    assertEquals(drawn.out(), drawnAgain.out());
    assertNotEquals(greedy.out(), drawn.out());
    assertEquals(greedy.out(), json.path("text").stringValue() + System.lineSeparator());

    String text = json.path("text").stringValue();
    String stop = text.substring(text.length() / 2, text.length() / 2 + 1);
    JsonNode stopped = json(CliRun.of(with(ask, "--stop", stop, "-o", "json")));
    assertEquals(text.substring(0, text.indexOf(stop)), stopped.path("text").stringValue());
    assertEquals("stop", stopped.path("finish_reason").stringValue());
  }

  @Test
  void aFileOfPromptsIsAnsweredInOrderWhateverTheBatch() throws Exception {
    // given
    Path prompts =
        Files.writeString(
            directory.resolve("prompts.jsonl"),
            """
            {"prompt": "We open", "id": 7}
            {"messages": [{"role": "user", "content": "How do I pay?"}]}

            {"input_ids": [5, 6, 7]}
            {"prompt": "%s"}
            """
                .formatted("a".repeat(55)));
    String[] ask = {
      "generate", "--model", model + "", "--prompts", prompts + "", "--max-new-tokens", "12"
    };

    // when
    CliRun one = CliRun.of(with(ask, "--batch-size", "1"));
    CliRun three = CliRun.of(with(ask, "--batch-size", "3"));
    CliRun single =
        CliRun.of(
            "generate", "--model", model + "", "--prompt", "We open", "--max-new-tokens", "12");

    // then
    List<JsonNode> lines = three.out().lines().map(JSON::readTree).toList();
    assertEquals(0, three.exitCode(), three.err());
    assertEquals(one.out(), three.out());
    assertEquals(
        List.of(1, 2, 3, 4), lines.stream().map(line -> line.path("record").intValue()).toList());
    assertEquals(
        single.out(), lines.getFirst().path("text").stringValue() + System.lineSeparator());
    assertEquals(3, lines.get(2).path("prompt_tokens").intValue());
    for (JsonNode line : lines) {
      boolean stopped = line.path("completion_tokens").intValue() < 12;
      boolean full = line.path("prompt_tokens").intValue() > 64 - 12;
      assertEquals(stopped && !full ? "stop" : "length", line.path("finish_reason").stringValue());
    }
    assertTrue(
        three.err().matches("(?s).*4 texts, \\d+ tokens in [0-9.]+ s: [0-9.]+ tokens/s\\R"),
        three.err());
  }

  @Test
  void aPromptThatCannotBeUsedIsNamedBeforeAnythingIsMade() throws Exception {
    Path prompts =
        Files.writeString(
            directory.resolve("p.jsonl"),
            """
            {"prompt": "We open"}
            {"messages": [{"role": "user", "content": "Hm?"}, {"role": "assistant", "content": "Yes"}]}
            """);

    CliRun bad = CliRun.of("generate", "--model", model + "", "--prompts", prompts + "");
    CliRun both =
        CliRun.of(
            "generate", "--model", model + "", "--prompts", prompts + "", "--prompt", "We open");
    CliRun neither = CliRun.of("generate", "--model", model + "");

    assertEquals(2, bad.exitCode(), bad.err());
    assertEquals("", bad.out());
    assertTrue(bad.err().contains("p.jsonl line 2: messages: the last turn"), bad.err());
    assertEquals(2, both.exitCode(), both.err());
    assertEquals(2, neither.exitCode(), neither.err());
  }

  @Test
  void aPromptLongerThanTheContextIsRefused() {
    CliRun run = CliRun.of("generate", "--model", model + "", "--prompt", "the card ".repeat(100));

    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("give 1 to 63 tokens"), run.err());
  }

  private byte[] tuned(String name, String... more) throws Exception {
    Path out = directory.resolve(name);
    CliRun run = tune(out, with(more, "--max-steps", "3", "--lora-dropout", "0.1"));
    assertEquals(0, run.exitCode(), run.err());
    return Files.readAllBytes(out.resolve("adapter_model.safetensors"));
  }

  private static CliRun tune(Path out, String... more) {
    return CliRun.of(
        with(
            new String[] {"tune", "--model", model + "", "--data", data + "", "--out", out + ""},
            more));
  }

  private static String[] with(String[] some, String... more) {
    String[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private static JsonNode json(CliRun run) {
    assertEquals(0, run.exitCode(), run.err());
    return JSON.readTree(run.out());
  }
}
