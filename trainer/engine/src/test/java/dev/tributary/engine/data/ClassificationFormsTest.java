package dev.tributary.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.testing.GoldenClassifier;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.BadRecordException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ClassificationFormsTest {

  private static final ClassLabels LABELS = ClassLabels.named(List.of("lost", "refund", "other"));

  @TempDir Path directory;

  private PairEncoder encoder;
  private ClassificationForms forms;

  @BeforeEach
  void loadTheTokenizer() throws Exception {
    Files.copy(GoldenClassifier.path("vocab.txt"), directory.resolve("vocab.txt"));
    encoder = new PairEncoder(Tokenizer.load(directory), 16);
    forms = ClassificationForms.all(encoder, LABELS, 70, 2);
  }

  @Test
  void readsTheThreeFormsWithTheLabelAsIndexOrName() {
    assertEquals(
        encoder.single("my card", 1).example(), example("{'text':'my card','label':'refund'}"));
    assertEquals(encoder.single("my card", 0).example(), example("{'text':'my card','label':0}"));
    assertEquals(
        encoder.pair("my card", "refund", 2).example(),
        example("{'text':'my card','text_pair':'refund','label':2,'id':'x'}"));
    assertEquals(
        encoder.single("my card", 2).example(),
        example("{'text':'my card','text_pair':null,'label':'other'}"));
    assertEquals(
        TokenizedExample.classified(new int[] {2, 5, 3}, new int[3], 1),
        example("{'input_ids':[2,5,3],'label':1}"));
    assertEquals(
        TokenizedExample.classified(new int[] {2, 5, 3}, new int[] {0, 0, 1}, 1),
        example("{'input_ids':[2,5,3],'token_type_ids':[0,0,1],'label':1}"));
  }

  @Test
  void tooManyTokensAreCutAtTheRightAndSaidSo() {
    ClassificationForms tokens = ClassificationForms.tokensOnly(LABELS, 70, 2, 3);

    Encoded cut = encode(tokens, "{'input_ids':[2,5,6,3],'token_type_ids':[0,0,1,1],'label':1}");
    Encoded whole = encode(tokens, "{'input_ids':[2,5,3],'label':1}");

    assertTrue(cut.truncated());
    assertArrayEquals(new int[] {2, 5, 6}, cut.example().inputIds());
    assertArrayEquals(new int[] {0, 0, 1}, cut.example().tokenTypes());
    assertFalse(whole.truncated());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'text':'a'} | missing_label | label: is missing",
        "{'text':'a','label':null} | missing_label | label: is missing",
        "{'text':'a','label':3} | unknown_label | label: 3 is no class; use a number from 0 to 2",
        "{'text':'a','label':-1} | unknown_label | label: -1 is no class",
        "{'text':'a','label':1.0} | unknown_label | label: 1.0 is no class",
        "{'text':'a','label':true} | unknown_label | label: true is no class",
        "{'text':'a','label':'Lost'} | unknown_label | one of lost, refund, other",
        "{'label':1} | record_form | {text, text_pair, label}",
        "[1] | record_form | {text, text_pair, label}",
        "{'text':7,'label':1} | field_type | text: 7 is not a text",
        "{'text':'','label':1} | empty_text | text: is blank",
        "{'text':'a','text_pair':' ','label':1} | empty_text | text_pair: is blank",
        "{'input_ids':[],'label':1} | empty_example | at least one token",
        "{'input_ids':[70],'label':1} | token_range | input_ids[0]: 70",
        "{'input_ids':[5],'token_type_ids':[2],'label':1} | token_type_range | token_type_ids[0]:"
            + " 2",
        "{'input_ids':[5],'token_type_ids':[],'label':1} | token_type_length | give one for each",
      })
  void aRecordThatCannotBeUsedIsRefusedByFieldAndValue(
      String record, String reason, String message) {
    BadRecordException error = assertThrows(BadRecordException.class, () -> encode(forms, record));
    assertEquals(reason, error.reason());
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  void textNeedsATokenizer() {
    ClassificationForms tokens = ClassificationForms.tokensOnly(LABELS, 70, 2, 3);
    BadRecordException error =
        assertThrows(
            BadRecordException.class, () -> encode(tokens, "{'text':'my card','label':1}"));
    assertEquals("no_tokenizer", error.reason());
  }

  private TokenizedExample example(String record) {
    Encoded encoded = encode(forms, record);
    assertFalse(encoded.truncated());
    return encoded.example();
  }

  private static Encoded encode(RecordEncoding encoding, String record) {
    return encoding.encode(JsonMapper.shared().readTree(record.replace('\'', '"')));
  }
}
