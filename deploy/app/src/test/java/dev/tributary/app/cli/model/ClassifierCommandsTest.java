package dev.tributary.app.cli.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.cli.CliRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code tune} and {@code score} on a tiny BERT that has neither class names nor tokenizer.json.
 */
class ClassifierCommandsTest {

  private static final Path GOLDEN = Path.of("../../trainer/engine/src/test/golden");

  @TempDir static Path shared;
  private static Path model;
  private static Path data;

  @TempDir Path directory;

  @BeforeAll
  static void writeModelAndData() throws Exception {
    model = Files.createDirectory(shared.resolve("model"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(GOLDEN.resolve("models/bert-lora/model").resolve(file), model.resolve(file));
    }
    Files.copy(GOLDEN.resolve("classifier/vocab.txt"), model.resolve("vocab.txt"));
    data =
        Files.writeString(
            shared.resolve("data.jsonl"),
            """
            {"text": "my card was stolen", "label": "lost"}
            {"text": "where is the refund", "label": "refund"}
            {"text": "how do i get a new one", "text_pair": "for that order", "label": "other"}
            {"input_ids": [2, 10, 14, 22, 3], "label": "other"}
            """);
  }

  @Test
  void anAdapterLearnsTheClassesOfItsRecordsAndScoreFindsTheirNames() throws Exception {
    // when
    Path adapter = directory.resolve("adapter");
    JsonNode summary =
        tuned(adapter, "--max-steps", "120", "--learning-rate", "0.02", "--eval-data", data + "");
    CliRun table =
        CliRun.of("score", "--model", model + "", "--adapter", adapter + "", "--data", data + "");

    // then
    assertEquals(1, summary.path("evaluation").path("accuracy").doubleValue());
    assertEquals(1, summary.path("evaluation").path("macro_f1").doubleValue());
    assertFalse(summary.path("evaluation").has("perplexity"));
    assertTrue(summary.path("accuracy").doubleValue() > 0.9, summary.toString());
    JsonNode config = json(Files.readString(adapter.resolve("adapter_config.json")));
    assertEquals("SEQ_CLS", config.path("task_type").stringValue());
    assertEquals("classifier", config.path("modules_to_save").path(0).stringValue());
    assertEquals("query", config.path("target_modules").path(0).stringValue());
    assertEquals(
        "lost",
        json(Files.readString(adapter.resolve("labels.json")))
            .path("id2label")
            .path("0")
            .stringValue());
    assertEquals(0, table.exitCode(), table.err());
    assertTrue(table.out().matches("(?s)1\\tlost\\tlost\\t0\\.\\d{6}\\n.*"), table.out());
    assertTrue(table.err().contains("accuracy 1.0000, macro F1 1.0000"), table.err());
  }

  @Test
  void allWeightsMakeAModelOfItsOwn() {
    // when
    Path full = directory.resolve("full");
    JsonNode summary = tuned(full, "--method", "full", "--max-steps", "2");
    JsonNode scored =
        json(CliRun.of("score", "--model", full + "", "--data", data + "", "-o", "json").out());

    // then
    assertEquals(2, summary.path("steps").intValue());
    assertEquals("refund", scored.path("records").path(1).path("label").stringValue());
    assertEquals(4, scored.path("supervised_tokens").intValue());
    assertTrue(scored.has("accuracy") && !scored.has("perplexity"));
    assertTrue(Files.exists(full.resolve("vocab.txt")));
  }

  @Test
  void whatDoesNotGoWithAClassifierIsRefusedBeforeAnyWork() throws Exception {
    Path unknown =
        Files.writeString(
            directory.resolve("u.jsonl"),
            "{\"text\": \"a\", \"label\": \"lost\"}\n{\"text\": \"b\", \"label\": \"new\"}\n");

    CliRun generate = CliRun.of("generate", "--model", model + "", "--prompt", "my card");
    CliRun twoClasses =
        CliRun.of("tune", "--model", model + "", "--data", unknown + "", "--out", directory + "/o");
    CliRun over =
        CliRun.of(
            "tune",
            "--model",
            model + "",
            "--data",
            data + "",
            "--out",
            model + "",
            "--method",
            "full");
    CliRun method =
        CliRun.of(
            "tune",
            "--model",
            model + "",
            "--data",
            data + "",
            "--out",
            directory + "/o",
            "--method",
            "dora");

    for (CliRun run : List.of(generate, twoClasses, over, method)) {
      assertEquals(2, run.exitCode(), run.err());
    }
    assertTrue(generate.err().contains("generates no text"), generate.err());
    assertTrue(twoClasses.err().contains("3 classes apart, but 2"), twoClasses.err());
    assertTrue(over.err().contains("it is the base model"), over.err());
    assertTrue(method.err().contains("use lora, or full"), method.err());
  }

  private static JsonNode tuned(Path out, String... more) {
    String[] fixed = {
      "tune", "--model", model + "", "--data", data + "", "--out", out + "", "-o", "json"
    };
    String[] all = new String[fixed.length + more.length];
    System.arraycopy(fixed, 0, all, 0, fixed.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    CliRun run = CliRun.of(all);
    assertEquals(0, run.exitCode(), run.err());
    return json(run.out());
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
