package dev.tributary.evaluator.score;

import dev.tributary.engine.generate.BatchGenerator;
import dev.tributary.engine.generate.Generation;
import dev.tributary.engine.generate.GenerationListener;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.GenerationRequest;
import dev.tributary.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Generates greedy answers, several at once and in the order of the records' ids, and compares them
 * with the wanted ones. What a model answered is remembered. One thread.
 */
final class AnswerScorer {

  private final BatchGenerator generator;
  private final Tokenizer tokenizer;
  private final RecordEncoder encoder;
  private final int maxTokens;
  private final ScoreCache<String> cache;
  private final Set<Integer> stops;

  /**
   * @param maxTokens longest answer generated; a longer one is compared as far as it goes
   */
  AnswerScorer(
      BatchGenerator generator,
      Tokenizer tokenizer,
      RecordEncoder encoder,
      int maxTokens,
      ScoreCache<String> cache) {
    this.generator = generator;
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.maxTokens = maxTokens;
    this.cache = cache;
    this.stops = tokenizer.eosId().stream().collect(Collectors.toSet());
  }

  /** Answers by record id. */
  Map<String, Answer> answers(ScoredModel model, Collection<EncodedRecord> records) {
    Map<String, String> texts = new HashMap<>();
    List<EncodedRecord> unanswered = new ArrayList<>();
    for (EncodedRecord record : records) {
      cache
          .find(model.id(), record.id())
          .ifPresentOrElse(text -> texts.put(record.id(), text), () -> unanswered.add(record));
    }
    unanswered.sort(Comparator.comparing(EncodedRecord::id));
    texts.putAll(generate(model, unanswered));
    return records.stream()
        .collect(
            Collectors.toMap(
                EncodedRecord::id,
                record -> judge(texts.get(record.id()), record),
                (one, same) -> one));
  }

  private Map<String, String> generate(ScoredModel model, List<EncodedRecord> records) {
    Map<String, String> texts = new HashMap<>();
    List<Making> makings = new ArrayList<>();
    try {
      for (EncodedRecord record : records) {
        int[] prompt = prompt(record);
        if (prompt.length == 0) {
          texts.put(record.id(), ""); // Without a first token there is nothing to continue.
          continue;
        }
        Making making = new Making(record.id());
        makings.add(making);
        generator.add(
            new GenerationRequest(
                model.adapterOrNull(),
                prompt,
                GenerationOptions.greedy(
                    Math.min(encoder.contextLength() - prompt.length, maxTokens), stops)),
            making);
      }
      while (generator.size() > 0) {
        Interruption.check();
        generator.step();
      }
    } finally {
      generator.clear();
    }
    makings.forEach(making -> texts.put(making.id, tokenizer.decode(making.tokens())));
    texts.forEach((id, text) -> cache.put(model.id(), id, text));
    return texts;
  }

  /** As in training, a prompt that leaves too little room for the answer is cut at its left. */
  private int[] prompt(EncodedRecord record) {
    int[] prompt = encoder.prompt(record.record());
    int context = encoder.contextLength();
    int wantedRoom = Math.min(record.tokens().supervisedCount(), context - 1);
    int kept = Math.min(prompt.length, context - wantedRoom);
    return Arrays.copyOfRange(prompt, prompt.length - kept, prompt.length);
  }

  private Answer judge(String text, EncodedRecord record) {
    String wanted = wanted(record);
    return new Answer(text, AnswerText.exactMatch(wanted, text), AnswerText.tokenF1(wanted, text));
  }

  /** As far as an answer could be generated. */
  private String wanted(EncodedRecord record) {
    int[] labels = Arrays.stream(record.tokens().labels()).filter(label -> label >= 0).toArray();
    return labels.length <= maxTokens
        ? record.record().example().getCompletion()
        : tokenizer.decode(
            Arrays.stream(labels)
                .limit(maxTokens)
                .takeWhile(token -> !stops.contains(token))
                .toArray());
  }

  /** Keeps how a text ended. */
  private static final class Making implements GenerationListener {

    private final String id;
    private Generation generation;
    private RuntimeException failure;

    Making(String id) {
      this.id = id;
    }

    @Override
    public boolean accept(int token) {
      return true;
    }

    @Override
    public void ended(Generation whole) {
      generation = whole;
    }

    @Override
    public void failed(RuntimeException cause) {
      failure = cause;
    }

    int[] tokens() {
      if (failure != null) {
        throw failure;
      }
      return generation.tokenArray();
    }
  }
}
