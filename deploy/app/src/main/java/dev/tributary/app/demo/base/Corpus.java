package dev.tributary.app.demo.base;

import dev.tributary.engine.data.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The text a base model is trained on, generated from the book of its world: mostly questions and
 * answers about what is known there, some small talk, some plain sentences. The same seed gives the
 * same text. No reserved question is in it.
 */
final class Corpus {

  /**
   * A text to learn: a conversation that ends with the assistant, or plain sentences if there are
   * no messages.
   */
  record Text(List<ChatMessage> messages, String plain) {

    /** Everything that is written in it, for the tokenizer's vocabulary. */
    String words() {
      StringBuilder words = new StringBuilder(plain);
      messages.forEach(m -> words.append('\n').append(m.content()));
      return words.toString();
    }
  }

  private final Questions questions;
  private final Chatter chatter;
  private final List<Fact> facts;
  private final String system;

  Corpus(World world) {
    Book book = world.book();
    this.questions = new Questions(book);
    this.chatter = world.chatter();
    this.facts = book.facts();
    this.system = world.system();
  }

  List<Text> texts(int count, long seed) {
    var random = new SplittableRandom(seed);
    List<Text> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      // Facts in turn, so that none is learnt less than another.
      texts.add(text(facts.get(i % facts.size()), random));
    }
    return texts;
  }

  private Text text(Fact fact, SplittableRandom random) {
    return switch (random.nextInt(16)) {
      case 0, 1 -> new Text(List.of(), chatter.sentence(random) + " " + chatter.sentence(random));
      case 2, 3 -> new Text(chatter.exchange(random), "");
      case 4 -> new Text(withSystem(answered(fact, random)), "");
      case 5 -> new Text(twoTurns(fact, random), "");
      default -> new Text(answered(fact, random), "");
    };
  }

  private List<ChatMessage> answered(Fact fact, SplittableRandom random) {
    return List.of(
        ChatMessage.user(questions.forTraining(fact, random)),
        ChatMessage.assistant(fact.answer()));
  }

  private List<ChatMessage> withSystem(List<ChatMessage> messages) {
    List<ChatMessage> all = new ArrayList<>(messages);
    all.addFirst(ChatMessage.system(system));
    return all;
  }

  private List<ChatMessage> twoTurns(Fact fact, SplittableRandom random) {
    Fact other = facts.get(random.nextInt(facts.size()));
    List<ChatMessage> all =
        new ArrayList<>(random.nextBoolean() ? chatter.exchange(random) : answered(other, random));
    all.addAll(answered(fact, random));
    return all;
  }
}
