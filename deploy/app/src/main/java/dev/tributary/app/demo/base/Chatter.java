package dev.tributary.app.demo.base;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.foundation.config.StrictYaml;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Language around the facts of a {@link World}, as its file has it: small talk, what nobody there
 * knows, plain sentences.
 *
 * @param slots what may stand for a slot
 * @param talk messages and what to answer
 * @param plain sentences to be read, not answered
 */
record Chatter(Map<String, List<String>> slots, List<Exchange> talk, List<String> plain) {

  /** A message and its answer. */
  record Exchange(String question, String answer) {}

  /** Reads a file the program brings along. */
  static Chatter load(String file) {
    return StrictYaml.parse(Book.resource(file), file, Chatter.class);
  }

  List<ChatMessage> exchange(SplittableRandom random) {
    Exchange exchange = talk.get(random.nextInt(talk.size()));
    String[] filled = new Slots(slots).fillAlike(random, exchange.question(), exchange.answer());
    return List.of(ChatMessage.user(filled[0]), ChatMessage.assistant(filled[1]));
  }

  String sentence(SplittableRandom random) {
    return new Slots(slots).fill(plain.get(random.nextInt(plain.size())), random);
  }
}
