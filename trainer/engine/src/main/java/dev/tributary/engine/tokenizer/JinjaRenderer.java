package dev.tributary.engine.tokenizer;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import dev.tributary.foundation.error.BadRecordException;
import java.util.Map;
import java.util.Set;

/**
 * Jinjava, set to what Hugging Face's renderer does ({@code trim_blocks}, {@code lstrip_blocks},
 * {@code raise_exception}) and to what is safe: text that came in through a variable is never
 * interpreted, nothing can be included, strings, lists, output and work are bounded, and any error,
 * even a warning, fails the rendering instead of leaving a gap in it.
 */
final class JinjaRenderer {

  private static final int MAX_OUTPUT = 4 << 20;
  private static final int MAX_ENTRIES = 100_000;

  private final Jinjava jinjava;
  private final String template;

  /**
   * @param template its final newline is dropped, as Jinja does
   */
  JinjaRenderer(String template) {
    this.template =
        template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
    this.jinjava = new Jinjava(config());
    jinjava.registerFunction(
        new ELFunctionDefinition(
            "", "raise_exception", JinjaRenderer.class, "raise", String.class));
  }

  private static JinjavaConfig config() {
    return JinjavaConfig.newBuilder()
        .withTrimBlocks(true)
        .withLstripBlocks(true)
        .withNestedInterpretationEnabled(false)
        .withMaxOutputSize(MAX_OUTPUT)
        .withMaxStringLength(MAX_OUTPUT)
        .withMaxListSize(MAX_ENTRIES)
        .withMaxMapSize(MAX_ENTRIES)
        .withProcessors(
            JinjavaProcessors.newBuilder()
                .withNodePreProcessor((node, interpreter) -> RenderContext.of(interpreter).charge())
                .build())
        .withLegacyOverrides(
            LegacyOverrides.newBuilder()
                .withEvaluateMapKeys(true)
                .withIterateOverMapKeys(true)
                .withUsePyishObjectMapper(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withAllowAdjacentTextNodes(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .withKeepNullableLoopValues(true)
                .build())
        .build();
  }

  /**
   * What {@code raise_exception} in a template does. Public because the expression language looks
   * it up.
   */
  public static String raise(String message) {
    throw new InterpretException(message);
  }

  /**
   * @throws BadRecordException {@code template_error}
   */
  String render(Map<String, Object> variables) {
    var context = new RenderContext(jinjava.getGlobalContextCopy(), variables);
    var interpreter = new JinjavaInterpreter(jinjava, context, jinjava.getGlobalConfig());
    String text;
    try {
      text = interpreter.render(template);
    } catch (RuntimeException e) {
      throw failed(rootMessage(e), e);
    }
    if (!interpreter.getErrors().isEmpty()) {
      TemplateError error = interpreter.getErrors().getFirst();
      Throwable cause = error.getException();
      throw failed(
          "line %d: %s"
              .formatted(
                  error.getLineno(), cause == null ? error.getMessage() : rootMessage(cause)),
          cause);
    }
    return text;
  }

  private static BadRecordException failed(String why, Throwable cause) {
    return new BadRecordException("template_error", "chat template: " + why, cause);
  }

  private static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  /** One rendering: what it may use and how much it has worked. */
  static final class RenderContext extends Context {

    /**
     * Nodes a rendering may visit: loops of loops end here. A conversation of a thousand turns
     * takes a tenth.
     */
    private static final int MAX_NODES = 50_000;

    /** Long strings make every node slow; a sound template needs milliseconds. */
    private static final long MAX_NANOS = 2_000_000_000L;

    private static final Map<Library, Set<String>> DISABLED =
        Map.of(
            Library.TAG,
                Set.of("include", "import", "from", "extends", "block", "cycle", "autoescape"),
            Library.FILTER, Set.of("random", "shuffle", "pprint"),
            Library.FUNCTION, Set.of("today", "unixtimestamp"));

    private final long start = System.nanoTime();
    private int nodes;

    RenderContext(Context parent, Map<String, Object> variables) {
      super(parent, variables, DISABLED);
    }

    static RenderContext of(JinjavaInterpreter interpreter) {
      Context context = interpreter.getContext();
      while (!(context instanceof RenderContext)) {
        context = context.getParent();
      }
      return (RenderContext) context;
    }

    void charge() {
      if (++nodes > MAX_NODES) {
        throw new InterpretException("runs through more than %d nodes".formatted(MAX_NODES));
      }
      if (System.nanoTime() - start > MAX_NANOS) {
        throw new InterpretException("takes longer than 2 seconds");
      }
    }

    @Override
    public com.hubspot.jinjava.lib.filter.Filter getFilter(String name) {
      return known("filter", name, super.getFilter(name));
    }

    @Override
    public com.hubspot.jinjava.lib.exptest.ExpTest getExpTest(String name) {
      return known("test", name, super.getExpTest(name));
    }

    private static <T> T known(String kind, String name, T found) {
      if (found == null) {
        throw new InterpretException("unknown %s '%s'".formatted(kind, name));
      }
      return found;
    }
  }
}
