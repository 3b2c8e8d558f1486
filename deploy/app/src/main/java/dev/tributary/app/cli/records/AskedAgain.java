package dev.tributary.app.cli.records;

import dev.tributary.app.http.ChatClient;
import dev.tributary.app.http.TributaryClient.Answer;

/** Asks a question again once a version serves what was corrected. */
final class AskedAgain {

  /** The server takes a release up a moment after its log names it. */
  private static final int MOST_TRIES = 20;

  private static final long PAUSE_MILLIS = 250;

  private final ChatClient server;
  private final AskedAnswer asked;

  AskedAgain(ChatClient server, AskedAnswer asked) {
    this.server = server;
    this.asked = asked;
  }

  /** The answer of that version or a later one; of an earlier one if none of them comes in time. */
  Answer answerOf(String version) throws InterruptedException {
    Answer answer = ask();
    for (int i = 1; i < MOST_TRIES && number(answer.model()) < number(version); i++) {
      Thread.sleep(PAUSE_MILLIS);
      answer = ask();
    }
    return answer;
  }

  private Answer ask() {
    return server.ask(asked.adapter(), asked.question());
  }

  /** The number in {@code tenant.domain@vN}; 0 of the base model. */
  private static int number(String version) {
    String digits = version.substring(version.lastIndexOf("@v") + 2);
    return version.contains("@v") && digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : 0;
  }
}
