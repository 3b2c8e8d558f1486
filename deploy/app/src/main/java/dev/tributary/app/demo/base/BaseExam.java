package dev.tributary.app.demo.base;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Asks a base model reserved questions and counts the answers that are right to the letter. For one
 * thread.
 */
public final class BaseExam implements AutoCloseable {

  private static final int MAX_ANSWER_TOKENS = 48;

  private final Questions questions;
  private final List<Fact> facts;
  private final Tokenizer tokenizer;
  private final ExampleEncoder encoder;
  private final Generator generator;

  /**
   * @param world whose facts it is asked for
   * @param directory where the model's tokenizer and chat template are
   */
  public BaseExam(World world, BaseModel model, Path directory) {
    Book book = world.book();
    questions = new Questions(book);
    facts = book.facts();
    tokenizer = Tokenizer.load(directory);
    int context = model.config().contextLength();
    encoder = new ExampleEncoder(tokenizer, ChatTemplate.load(directory), context);
    generator = new Generator(model, context);
  }

  /**
   * How a slice was answered.
   *
   * @param known right answers in known wordings about things not asked before, of {@code asked}
   * @param unseen right answers in the wording no training text has, of {@code asked}
   * @param asked questions of each kind
   */
  public record Mark(int known, int unseen, int asked) {

    /** Both together. */
    public Mark plus(Mark other) {
      return new Mark(known + other.known, unseen + other.unseen, asked + other.asked);
    }

    /** Share of right answers in known wordings. */
    public double knownShare() {
      return (double) known / asked;
    }

    /** Share of right answers in the unseen wording. */
    public double unseenShare() {
      return (double) unseen / asked;
    }
  }

  /**
   * Marks by slice; each fact is asked for so many times in known wordings and as often in the
   * unseen one.
   */
  public Map<String, Mark> take(int questionsPerFact, long seed) {
    var random = new SplittableRandom(seed);
    Map<String, Mark> marks = new LinkedHashMap<>();
    for (Fact fact : facts) {
      Mark mark = new Mark(0, 0, 0);
      for (int i = 0; i < questionsPerFact; i++) {
        mark =
            mark.plus(
                new Mark(
                    right(fact, questions.reserved(fact, random)),
                    right(fact, questions.unseenWording(fact, random)),
                    1));
      }
      marks.merge(fact.slice(), mark, Mark::plus);
    }
    return marks;
  }

  /** The model's likeliest answer. */
  public String answer(String question) {
    int[] prompt = encoder.chatPrompt(List.of(ChatMessage.user(question)));
    Set<Integer> stop = Set.of(tokenizer.eosId().orElseThrow());
    Generation generation =
        generator.generate(
            null, prompt, GenerationOptions.greedy(MAX_ANSWER_TOKENS, stop), token -> true);
    return tokenizer.decode(generation.tokenArray());
  }

  private int right(Fact fact, String question) {
    return answer(question).equals(fact.answer()) ? 1 : 0;
  }

  @Override
  public void close() {
    generator.close();
  }
}
