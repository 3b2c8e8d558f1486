package dev.tributary.evaluator.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTextTest {

  @ParameterizedTest
  @CsvSource({
    "'You have 14 days.','you have  14 days',true",
    "'14 days','30 days',false",
    "'14 days','within 14 days',false",
    "'ＡＢＣ','abc',true",
    "'退货期限是14天。','退货期限是14天',true",
    "'','.',true"
  })
  void exactMatchIgnoresCaseSpaceAndPunctuation(String wanted, String answer, boolean expected) {
    assertEquals(expected, AnswerText.exactMatch(wanted, answer));
  }

  @ParameterizedTest
  @CsvSource({
    "'a b c d','a b c d',1",
    "'a b c d','a b x',0.5714285714285714",
    "'a a b','a b b',0.6666666666666666",
    "'a','b',0",
    "'a','',0",
    "'','',1"
  })
  void f1CountsTokensWithTheirRepetitions(String wanted, String answer, double expected) {
    assertEquals(expected, AnswerText.tokenF1(wanted, answer), 1e-12);
  }

  @Test
  void tokensAreWordsNumbersAndSingleIdeographs() {
    assertEquals(
        List.of("it", "s", "3", "退", "货", "ok", "नमस्ते"),
        AnswerText.tokens("It's 3 退货ok नमस्ते!"));
  }
}
