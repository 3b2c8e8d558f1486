package dev.tributary.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.testing.TinyModel;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonlDatasetTest {

  @TempDir Path directory;

  private ExampleEncoder encoder;
  private RecordForms forms;

  @BeforeEach
  void loadTheTinyModel() {
    Path model = TinyModel.write(directory.resolve("model"), 1);
    ChatTemplate template = ChatTemplate.load(model);
    encoder = new ExampleEncoder(Tokenizer.load(model), template, 64);
    forms = RecordForms.all(encoder, template, 300);
  }

  @Test
  void readsTheFiveForms() throws IOException {
    // given
    Path file =
        write(
            """
            {"text":"the shop"}
            {"prompt":"the ","completion":"card","slice":"x"}

            {"instruction":"Answer","input":"the card?","output":"yes"}
            {"instruction":"Answer","output":"yes"}
            {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}
            {"input_ids":[5,6,7],"labels":[-100,6,7]}
            {"input_ids":[5,6,7]}
            """);
    // when
    JsonlDataset dataset = JsonlDataset.read(file, forms);
    // then
    List<TokenizedExample> expected =
        List.of(
            encoder.text("the shop").example(),
            encoder.prompt("the ", "card").example(),
            encoder.chat(List.of(ChatMessage.user("Answer\n\nthe card?")), "yes").example(),
            encoder.chat(List.of(ChatMessage.user("Answer")), "yes").example(),
            encoder.chat(List.of(ChatMessage.user("a")), "b").example(),
            new TokenizedExample(new int[] {5, 6, 7}, new int[] {-100, 6, 7}),
            TokenizedExample.text(new int[] {5, 6, 7}));
    assertEquals(expected, dataset.examples());
    assertEquals(0, dataset.truncatedCount());
  }

  @Test
  void countsWhatItHadToCut() throws IOException {
    Path file = write("{\"text\":\"" + "x y z ".repeat(60) + "\"}\n{\"text\":\"a\"}\n");
    assertEquals(1, JsonlDataset.read(file, forms).truncatedCount());
  }

  @Test
  void keepsTheRightEndOfTooManyTokens() throws IOException {
    Path file = write("{\"input_ids\":[1,2,3,4],\"labels\":[-100,-100,3,4]}\n");
    Encoded cut = JsonlDataset.read(file, RecordForms.tokensOnly(10, 3)).records().getFirst();
    assertTrue(cut.truncated());
    assertArrayEquals(new int[] {2, 3, 4}, cut.example().inputIds());
    assertArrayEquals(new int[] {-100, 3, 4}, cut.example().labels());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'text':'a' | is not one JSON object",
        "{'text':'a'} {'text':'b'} | is not one JSON object",
        "{'text':'a','text':'b'} | is not one JSON object",
        "{'question':'a'} | none of the forms",
        "[1] | none of the forms",
        "{'text':7} | text: 7 is not a text",
        "{'text':' '} | nothing to learn",
        "{'prompt':'a','completion':''} | nothing to learn",
        "{'messages':[{'role':'user','content':'a'}]} | last by the assistant",
        "{'messages':[{'role':'user'},{'role':'assistant','content':'b'}]} | content: nothing is"
            + " not a text",
        "{'input_ids':[1,2],'labels':[1]} | one label for each token",
        "{'input_ids':[]} | at least one token",
        "{'input_ids':[300]} | input_ids[0]: 300",
        "{'input_ids':[1],'labels':[-1]} | labels[0]: -1",
        "{'input_ids':[1.5]} | input_ids[0]: 1.5",
        "{'input_ids':'x'} | input_ids: is not a list",
      })
  void namesFileAndLineOfWhatItCannotUse(String line, String complaint) throws IOException {
    Path file = write("{\"text\":\"fine\"}\n\n" + line.replace('\'', '"') + "\n");
    var error = assertThrows(ConfigException.class, () -> JsonlDataset.read(file, forms));
    assertTrue(error.getMessage().contains("data.jsonl line 3: "), error.getMessage());
    assertTrue(error.getMessage().contains(complaint), error.getMessage());
  }

  @Test
  void refusesWhatIsNoUtf8OrTooLong() throws IOException {
    byte[] bytes = "{\"text\":\"gr\u00fc\u00df\"}".getBytes(StandardCharsets.ISO_8859_1);
    Path latin = Files.write(directory.resolve("latin.jsonl"), bytes);
    Path endless = Files.write(directory.resolve("endless.jsonl"), new byte[(1 << 20) + 1]);
    assertTrue(message(latin).contains("line 1: is not UTF-8"), message(latin));
    assertTrue(message(endless).contains("longer than 1048576 bytes"), message(endless));
  }

  @Test
  void refusesFilesWithoutRecords() throws IOException {
    assertTrue(message(write("\n\n")).contains("no records"));
    assertTrue(message(directory.resolve("nowhere.jsonl")).contains("cannot be read"));
  }

  @Test
  void needsATokenizerForText() throws IOException {
    Path file = write("{\"text\":\"a\"}\n");
    var error =
        assertThrows(
            ConfigException.class, () -> JsonlDataset.read(file, RecordForms.tokensOnly(10, 8)));
    assertTrue(error.getMessage().contains("no tokenizer.json"), error.getMessage());
  }

  private String message(Path file) {
    return assertThrows(ConfigException.class, () -> JsonlDataset.read(file, forms)).getMessage();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("data.jsonl"), text);
  }
}
