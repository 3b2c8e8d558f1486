package dev.tributary.engine.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.tributary.engine.format.JsonFile;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Text to token ids and back, by the {@code tokenizer.json} of a Hugging Face model directory.
 *
 * <p>The arithmetic is that of Hugging Face's own library (through DJL), without padding,
 * truncation or added tokens. What is done here is the handling of special tokens: the library
 * would read {@code <|end|>} in a customer's message as the end of that message. So it is given the
 * file without its special tokens, and these are placed by {@link #encodeRendered} alone, where a
 * chat template wrote them. Safe for concurrent use; lives as long as it is reachable.
 */
public final class Tokenizer {

  private static final String FILE_NAME = "tokenizer.json";

  private final HuggingFaceTokenizer text;
  private final HuggingFaceTokenizer continuation;
  private final SpecialTokens special;
  private final Optional<Integer> eosId;
  private final int vocabularySize;
  private final JsonNode postProcessor;
  private final Path file;

  private Tokenizer(
      HuggingFaceTokenizer text,
      HuggingFaceTokenizer continuation,
      SpecialTokens special,
      Optional<Integer> eosId,
      int vocabularySize,
      JsonNode postProcessor,
      Path file) {
    this.text = text;
    this.continuation = continuation;
    this.special = special;
    this.eosId = eosId;
    this.vocabularySize = vocabularySize;
    this.postProcessor = postProcessor;
    this.file = file;
  }

  /** Whether a model directory has what {@link #load} reads. */
  public static boolean isIn(Path modelDirectory) {
    return Files.exists(modelDirectory.resolve(FILE_NAME))
        || Files.exists(modelDirectory.resolve(WordPieceVocabulary.FILE_NAME));
  }

  /**
   * Reads {@code tokenizer.json} (or, of an old BERT, {@code vocab.txt}), and {@code
   * tokenizer_config.json} or {@code config.json} for the end-of-sequence token.
   *
   * @throws ConfigException if there is no tokenizer.json
   * @throws CorruptArtifactException if it cannot be read, or holds a pattern that could hang or
   *     abort the process
   */
  public static Tokenizer load(Path modelDirectory) {
    Path file = modelDirectory.resolve(FILE_NAME);
    ObjectNode json =
        JsonFile.read(file)
            .or(() -> WordPieceVocabulary.read(modelDirectory))
            .orElseThrow(
                () ->
                    new ConfigException(
                        file
                            + " does not exist; a model directory needs tokenizer.json for text"
                            + " (data given as input_ids needs none)"));
    RegexVetting.check(json, file);
    Map<String, Integer> special = new HashMap<>();
    int vocabularySize = vocabularySize(json, file);
    ObjectNode plain = withoutSpecialTokens(json, special);
    HuggingFaceTokenizer text = open(plain, file);
    HuggingFaceTokenizer continuation =
        FirstWord.isMarked(plain) ? open(FirstWord.unmarked(plain), file) : text;
    SpecialTokens tokens = new SpecialTokens(special);
    return new Tokenizer(
        text,
        continuation,
        tokens,
        EndOfSequence.find(modelDirectory, tokens),
        vocabularySize,
        json.path("post_processor"),
        file);
  }

  /**
   * The ids of a text, or of a part of one, without any around it. Spellings of special tokens in
   * it stay text.
   */
  public int[] encode(String plain) {
    return ids(text, plain);
  }

  private static int[] ids(HuggingFaceTokenizer tokenizer, String plain) {
    return Arrays.stream(tokenizer.encode(plain, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /**
   * The ids of a raw prompt, one that no chat template renders: {@link #encode}, {@link #begun}.
   *
   * @throws ConfigException as {@link #sequenceTemplate}
   */
  public int[] encodePrompt(String plain) {
    return begun(encode(plain));
  }

  /**
   * A text after the tokens the model wants in front of every text, such as Llama's {@code <s>};
   * GPT-2 and Qwen want none. Chat templates write them themselves.
   *
   * @throws ConfigException as {@link #sequenceTemplate}
   */
  public int[] begun(int[] text) {
    int[] prefix = sequenceTemplate().single().prefix();
    return IntStream.concat(Arrays.stream(prefix), Arrays.stream(text)).toArray();
  }

  /** Makes somebody's text safe to be put into a template that {@link #encodeRendered} reads. */
  public String guard(String plain) {
    return special.guard(plain);
  }

  /**
   * The ids of a rendered chat template: special tokens count, except those inside {@link #guard
   * guarded} text.
   */
  public int[] encodeRendered(String rendered) {
    return encodeRendered(rendered, text);
  }

  /**
   * {@link #encodeRendered} for what stands after other text: Mistral's tokenizer would take its
   * first word for the first of a text, with a space before it.
   */
  public int[] encodeContinuation(String rendered) {
    return encodeRendered(rendered, continuation);
  }

  private int[] encodeRendered(String rendered, HuggingFaceTokenizer begin) {
    List<SpecialTokens.Piece> pieces = special.split(rendered);
    return IntStream.range(0, pieces.size())
        .flatMap(i -> Arrays.stream(ids(pieces.get(i), i == 0 ? begin : continuation)))
        .toArray();
  }

  private static int[] ids(SpecialTokens.Piece piece, HuggingFaceTokenizer tokenizer) {
    return piece.id().map(id -> new int[] {id}).orElseGet(() -> ids(tokenizer, piece.text()));
  }

  /**
   * The special tokens the model wants around a text that is not rendered by a chat template.
   *
   * @throws ConfigException if the file has them in a form that is not known here
   */
  public SequenceTemplate sequenceTemplate() {
    return SequenceTemplate.of(postProcessor, file);
  }

  /** The text of these ids, special tokens left out; bytes that are no UTF-8 become U+FFFD. */
  public String decode(int[] ids) {
    return decode(ids, 0, ids.length);
  }

  String decode(int[] ids, int from, int to) {
    long[] kept =
        Arrays.stream(ids, from, to)
            .filter(id -> !special.contains(id))
            .mapToLong(id -> id)
            .toArray();
    return kept.length == 0 ? "" : text.decode(kept, false);
  }

  /** For text that is shown while it is generated. */
  public StreamingDecoder streamingDecoder() {
    return new StreamingDecoder(this);
  }

  /** The token that ends an answer, if the model has one. */
  public Optional<Integer> eosId() {
    return eosId;
  }

  /** The id of a special token such as {@code <|end|>}. */
  public Optional<Integer> specialId(String token) {
    return special.id(token);
  }

  public boolean isSpecial(int id) {
    return special.contains(id);
  }

  /** One more than the highest id; a model's embedding has at least as many rows. */
  public int vocabularySize() {
    return vocabularySize;
  }

  private static HuggingFaceTokenizer open(ObjectNode json, Path file) {
    Map<String, String> options =
        Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false");
    byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
    keepOffline();
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options);
    } catch (EngineException e) {
      throw new ConfigException(
          "the tokenizers' native library cannot be loaded (%s); it is unpacked under DJL_CACHE_DIR, by default ~/.djl.ai: make that writable"
              .formatted(e.getMessage()),
          e);
    } catch (IOException | RuntimeException e) {
      throw new CorruptArtifactException(file, "is not a usable tokenizer: " + e.getMessage(), e);
    }
  }

  /**
   * Left alone, the library tells its maker that it was used, and fetches another build of itself
   * where there is a GPU.
   */
  private static void keepOffline() {
    for (String property : List.of("ai.djl.offline", "OPT_OUT_TRACKING")) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, "true");
      }
    }
  }

  /**
   * Moves the special tokens out of the file, and with them everything that would pad, cut or add.
   */
  private static ObjectNode withoutSpecialTokens(ObjectNode json, Map<String, Integer> special) {
    ObjectNode plain = json.deepCopy();
    plain.putNull("padding");
    plain.putNull("truncation");
    plain.putNull("post_processor");
    var kept = plain.putArray("added_tokens");
    for (JsonNode token : json.path("added_tokens")) {
      if (token.path("special").asBoolean(false)) {
        special.put(token.path("content").asString(), token.path("id").asInt());
      } else {
        kept.add(token);
      }
    }
    return plain;
  }

  private static int vocabularySize(ObjectNode json, Path file) {
    int highest = -1;
    for (JsonNode id : json.path("model").path("vocab")) {
      highest = Math.max(highest, id.asInt(-1));
    }
    for (JsonNode token : json.path("added_tokens")) {
      highest = Math.max(highest, token.path("id").asInt(-1));
    }
    if (highest < 0) {
      throw new CorruptArtifactException(file, "model.vocab: holds no token with an id");
    }
    return highest + 1;
  }
}
