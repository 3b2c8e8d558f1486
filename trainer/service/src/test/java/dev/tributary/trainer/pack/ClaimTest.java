package dev.tributary.trainer.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import dev.tributary.trainer.testing.Told;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimTest {

  @Test
  void answersAreToldApartButNotByCaseAndWhiteSpace() {
    assertEquals(Claim.digest("30 Days"), Claim.digest("  30\n days "));
    assertNotEquals(Claim.digest("30 days"), Claim.digest("14 days"));
    assertNotEquals(0, Claim.digest(""));
  }

  @Test
  void correctionIsOneThatWasGivenAnAnswer() {
    assertTrue(Claim.of(null, "how long", "30 days", "14 days", true).isCorrection());
    assertTrue(Claim.of(null, "how long", "30 days", "", true).isCorrection());
    assertFalse(Claim.of(null, "how long", "30 days", null, true).isCorrection());
  }

  @Test
  void isAboutTheSameByKeyOrByQuestion() {
    Claim claim = claim("window", "how long");
    assertTrue(claim.isAbout(claim("window", "until when")));
    assertTrue(claim.isAbout(claim("other", "how long")));
    assertTrue(claim.isAbout(claim(null, "how long")));
    assertFalse(claim.isAbout(claim("other", "until when")));
    assertFalse(claim(null, "how long").isAbout(claim(null, "until when")));
  }

  @Test
  void longQuestionsThatBeginAlikeAreNotTheSame() {
    String passage = "a passage of the manual ".repeat(100);
    Claim one = claim(null, passage + "how long");
    Claim other = claim(null, passage + "how much");
    assertFalse(one.isAbout(other));
    assertTrue(one.isAbout(claim(null, passage + "how long")));
    assertTrue(one.question().length() <= 1_000);
  }

  @Test
  void itComesBackWhereverTextIsCut() throws IOException {
    String pairs = "\uD83D\uDE00".repeat(800);
    for (String text : List.of("short", pairs, "x" + pairs)) {
      // given
      TrainingItem item = Told.at(3).fact("f").asked(text).answer(text).insteadOf("14").item();

      // when
      StateOutput out = new StateOutput();
      item.write(out);

      // then
      assertEquals(item, TrainingItem.read(new StateInput(out.toByteArray())));
    }
  }

  private static Claim claim(String factKey, String question) {
    return Claim.of(factKey, question, "30 days", null, true);
  }
}
