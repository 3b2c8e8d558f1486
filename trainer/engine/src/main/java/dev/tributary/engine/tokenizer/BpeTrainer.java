package dev.tributary.engine.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Learns a byte-level BPE vocabulary (<a href="https://arxiv.org/abs/1508.07909">Sennrich et al.
 * 2016</a>, over bytes as in GPT-2): again and again the most frequent pair of neighbours becomes a
 * token. Of equally frequent pairs the one with the smaller ids is taken, as Hugging Face's trainer
 * does, so the same text always gives the same vocabulary.
 *
 * <p>Pairs are counted afresh for each merge: time grows with merges times distinct words, seconds
 * for the vocabularies of small models, for which this is meant.
 */
public final class BpeTrainer {

  /** GPT-2's split into words, with the space before a word belonging to it. */
  private static final Pattern WORDS =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** A pair seen once is chance, not pattern. */
  private static final long MIN_FREQUENCY = 2;

  private final List<String> specialTokens;
  private final int vocabularySize;

  /**
   * @param specialTokens tokens with the first ids; their spelling is not learnt from the text
   * @param vocabularySize at most so many tokens: special ones, 256 bytes, the rest merges
   */
  public BpeTrainer(List<String> specialTokens, int vocabularySize) {
    if (vocabularySize < specialTokens.size() + ByteAlphabet.SIZE) {
      throw new IllegalArgumentException(
          "a vocabulary of %d has no room for %d special tokens and %d bytes"
              .formatted(vocabularySize, specialTokens.size(), ByteAlphabet.SIZE));
    }
    this.specialTokens = List.copyOf(specialTokens);
    this.vocabularySize = vocabularySize;
  }

  /** Learns from these texts; ends early when no pair occurs twice. */
  public BpeVocabulary train(Stream<String> texts) {
    List<String> tokens = new ArrayList<>(specialTokens);
    Stream.iterate(0, b -> b + 1)
        .limit(ByteAlphabet.SIZE)
        .map(ByteAlphabet::of)
        .sorted()
        .forEach(character -> tokens.add(String.valueOf(character)));
    Map<String, Integer> ids = new HashMap<>();
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
    List<Word> words = words(texts, ids);
    List<String> merges = new ArrayList<>();
    while (tokens.size() < vocabularySize) {
      Pair pair = mostFrequent(words);
      if (pair == null) {
        break;
      }
      String left = tokens.get(pair.left);
      String right = tokens.get(pair.right);
      merges.add(left + " " + right);
      // Two different pairs may spell the same token.
      int merged = ids.computeIfAbsent(left + right, spelled -> tokens.size());
      if (merged == tokens.size()) {
        tokens.add(left + right);
      }
      words.forEach(word -> word.merge(pair, merged));
    }
    return new BpeVocabulary(specialTokens, tokens, merges);
  }

  private static List<Word> words(Stream<String> texts, Map<String, Integer> ids) {
    Map<String, Long> counts = new TreeMap<>();
    texts.forEach(
        text -> {
          Matcher matcher = WORDS.matcher(text);
          while (matcher.find()) {
            counts.merge(matcher.group(), 1L, Long::sum);
          }
        });
    return counts.entrySet().stream()
        .map(
            entry ->
                new Word(
                    ByteAlphabet.spell(entry.getKey())
                        .chars()
                        .map(c -> ids.get(String.valueOf((char) c)))
                        .toArray(),
                    entry.getValue()))
        .toList();
  }

  /** The next pair to merge, or null if none is frequent enough. */
  private static Pair mostFrequent(List<Word> words) {
    Map<Pair, Long> counts = new HashMap<>();
    for (Word word : words) {
      for (int i = 0; i + 1 < word.length; i++) {
        counts.merge(new Pair(word.symbols[i], word.symbols[i + 1]), word.count, Long::sum);
      }
    }
    Pair best = null;
    long bestCount = MIN_FREQUENCY - 1;
    for (Map.Entry<Pair, Long> entry : counts.entrySet()) {
      long count = entry.getValue();
      if (count > bestCount || count == bestCount && best != null && entry.getKey().before(best)) {
        best = entry.getKey();
        bestCount = count;
      }
    }
    return best;
  }

  private record Pair(int left, int right) {

    boolean before(Pair other) {
      return left < other.left || left == other.left && right < other.right;
    }
  }

  /** A distinct word of the text, as the tokens it consists of so far. */
  private static final class Word {

    private final int[] symbols;
    private final long count;
    private int length;

    Word(int[] symbols, long count) {
      this.symbols = symbols;
      this.count = count;
      this.length = symbols.length;
    }

    void merge(Pair pair, int merged) {
      int to = 0;
      for (int from = 0; from < length; to++) {
        boolean here =
            from + 1 < length && symbols[from] == pair.left && symbols[from + 1] == pair.right;
        symbols[to] = here ? merged : symbols[from];
        from += here ? 2 : 1;
      }
      length = to;
    }
  }
}
