package dev.tributary.engine.recall;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.generate.BatchGenerator;
import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.Generation.FinishReason;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.GenerationRequest;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds out what a base model knows, without its training data: given the beginning of a user's
 * turn, a model that was trained on conversations goes on with a question of the kind it was
 * trained on (Xu et al. 2024, <a href="https://arxiv.org/abs/2406.08464">Magpie</a>), and then
 * answers it. Rehearsing such pairs keeps what rehearsing the original text would (Huang et al.
 * 2024, <a href="https://arxiv.org/abs/2403.01244">self-synthesized rehearsal</a>).
 *
 * <p>Left to itself a model asks the same few questions in the same few ways. So, where variety is
 * wanted, every second one begins with a word it would hardly have chosen; and of more questions
 * than are wanted those are kept that have the most different answers: one of each, then another of
 * each, the surest first. What the model is not sure of is nothing to hold it to: the half whose
 * least sure token hangs on the thinner hair is left out. The same model, kernels, numbers and seed
 * give the same pairs.
 */
public final class OwnAnswers {

  /** How the questions begin. */
  public enum Beginning {
    /** As the model begins them: what it is mostly asked. */
    USUAL,
    /** Every second one with an odd word: what it might be asked, too. */
    VARIED
  }

  private static final int TEXTS_AT_ONCE = 64;
  private static final int MOST_QUESTION_TOKENS = 64;
  private static final int MOST_ANSWER_TOKENS = 96;
  private static final int SCORED_TOKENS = 2_048;
  private static final double NUCLEUS = 0.95;

  /** Of the first word of every second question: far from what the model would choose. */
  private static final double ODD_TEMPERATURE = 2;

  private static final double ODD_NUCLEUS = 0.98;

  /** Share of the answers that counts as sure; how sure that is depends on the model. */
  private static final double SURE = 0.5;

  private final BaseModel base;
  private final Tokenizer tokenizer;
  private final ExampleEncoder encoder;
  private final int[] turnBegins;
  private final Set<Integer> stops;

  private OwnAnswers(BaseModel base) {
    this.base = base;
    this.tokenizer = Tokenizer.load(base.directory());
    ChatTemplate template = ChatTemplate.load(base.directory());
    this.encoder = new ExampleEncoder(tokenizer, template, base.config().contextLength());
    this.turnBegins = UserTurn.of(tokenizer, template).begins();
    this.stops =
        IntStream.range(0, tokenizer.vocabularySize())
            .filter(tokenizer::isSpecial)
            .boxed()
            .collect(Collectors.toSet());
    tokenizer.eosId().ifPresent(stops::add);
  }

  /**
   * Takes some 50 tokens of generation for each question drawn.
   *
   * @param base a language model loaded from a directory, which also holds its tokenizer
   * @param drawn questions made up
   * @param count pairs kept at most, of half of those drawn; fewer if the model has less to say
   * @param beginning how the questions begin
   * @param seed of the questions
   * @return of each answer the surest question, then of each the next, and so on
   */
  public static List<OwnAnswer> ask(
      BaseModel base, int drawn, int count, Beginning beginning, long seed) {
    OwnAnswers own = new OwnAnswers(base);
    if (own.turnBegins.length == 0 || own.stops.isEmpty()) {
      return List.of(); // A model whose turns have no beginning or no end cannot be asked so.
    }
    try (BatchGenerator generator =
        new BatchGenerator(base, base.config().contextLength(), TEXTS_AT_ONCE)) {
      List<String> questions = own.questions(generator, drawn, beginning, seed);
      return own.spread(own.answered(generator, questions), count);
    }
  }

  private List<String> questions(
      BatchGenerator generator, int count, Beginning beginning, long seed) {
    SplittableRandom seeds = new SplittableRandom(seed);
    List<Long> wordSeeds = new ArrayList<>();
    List<GenerationOptions> options = new ArrayList<>();
    for (int i = 0; i < count; i++) { // so that more questions begin with the same ones
      wordSeeds.add(seeds.nextLong());
      options.add(new GenerationOptions(MOST_QUESTION_TOKENS, 1, NUCLEUS, stops, seeds.nextLong()));
    }
    List<int[]> begun =
        switch (beginning) {
          case USUAL -> Collections.nCopies(count, turnBegins);
          case VARIED -> varied(generator, wordSeeds);
        };
    List<Generation> texts =
        generator.generate(
            IntStream.range(0, count)
                .mapToObj(i -> new GenerationRequest(null, begun.get(i), options.get(i)))
                .toList());
    Set<String> questions = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      int[] word = Arrays.copyOfRange(begun.get(i), turnBegins.length, begun.get(i).length);
      // A template that ends a turn by a line break has no token to stop at.
      String question =
          tokenizer
              .decode(joined(word, texts.get(i).tokenArray()))
              .strip()
              .lines()
              .findFirst()
              .orElse("");
      if (!question.isBlank()) {
        questions.add(question);
      }
    }
    return List.copyOf(questions);
  }

  /** The beginning of a user's turn, every second time with an odd first word. */
  private List<int[]> varied(BatchGenerator generator, List<Long> seeds) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 1; i < seeds.size(); i += 2) {
      requests.add(
          new GenerationRequest(
              null,
              turnBegins,
              new GenerationOptions(1, ODD_TEMPERATURE, ODD_NUCLEUS, stops, seeds.get(i))));
    }
    List<Generation> words = generator.generate(requests);
    return IntStream.range(0, seeds.size())
        .mapToObj(i -> i % 2 == 0 ? turnBegins : joined(turnBegins, words.get(i / 2).tokenArray()))
        .toList();
  }

  private static int[] joined(int[] first, int[] second) {
    return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
  }

  private List<OwnAnswer> answered(BatchGenerator generator, List<String> questions) {
    List<String> asked = new ArrayList<>();
    List<GenerationRequest> requests = new ArrayList<>();
    for (String question : questions) {
      int[] prompt = encoder.chatPrompt(List.of(ChatMessage.user(question)));
      if (prompt.length < encoder.contextLength()) {
        asked.add(question);
        requests.add(
            new GenerationRequest(
                null, prompt, GenerationOptions.greedy(MOST_ANSWER_TOKENS, stops)));
      }
    }
    List<Generation> texts = generator.generate(requests);
    List<OwnAnswer> answers = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String answer = tokenizer.decode(texts.get(i).tokenArray());
      if (texts.get(i).reason() == FinishReason.STOP && !answer.isBlank()) {
        answers.add(OwnAnswer.of(encoder, asked.get(i), answer));
      }
    }
    return answers;
  }

  private List<OwnAnswer> spread(List<OwnAnswer> answers, int count) {
    int tokens = Math.max(SCORED_TOKENS, base.config().contextLength());
    try (Scorer scorer = new Scorer(base, tokens)) {
      List<Score> scores = scorer.score(null, answers.stream().map(OwnAnswer::tokens).toList());
      Map<String, Integer> asked = new HashMap<>();
      SortedMap<Integer, List<OwnAnswer>> rounds = new TreeMap<>();
      IntStream.range(0, answers.size())
          .boxed()
          .sorted(Comparator.comparingDouble(i -> -scores.get(i).margin()))
          .limit((long) Math.ceil(answers.size() * SURE))
          .map(answers::get)
          .forEach(
              own ->
                  rounds
                      .computeIfAbsent(
                          asked.merge(own.answer(), 1, Integer::sum), round -> new ArrayList<>())
                      .add(own));
      return rounds.values().stream().flatMap(List::stream).limit(count).toList();
    }
  }
}
