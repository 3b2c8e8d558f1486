package dev.tributary.engine.format.peft;

import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code adapter_config.json} of a PEFT LoRA adapter, with the fields of PEFT 0.21.
 *
 * @param lora what the engine computes with
 * @param baseModelName {@code base_model_name_or_path}: servers want it exactly as they call the
 *     model
 */
public record PeftConfig(LoraConfig lora, String baseModelName) {

  static final String FILE_NAME = "adapter_config.json";

  /** The version whose fields these are. */
  private static final String PEFT_VERSION = "0.21.2";

  private static final String CAUSAL_LM = "CAUSAL_LM";
  private static final String SEQ_CLS = "SEQ_CLS";

  /** What PEFT calls the last layer of one classifier or another. */
  private static final Set<String> SEQ_CLS_MODULES = Set.of("classifier", "score");

  /** Ranks beyond any use; a file that asks for more is broken or hostile. */
  private static final int MAX_RANK = 4_096;

  /**
   * Kinds of LoRA with other arithmetic or other tensors; each is refused unless absent, null,
   * false or empty.
   */
  private static final List<String> UNSUPPORTED =
      List.of(
          "use_dora",
          "use_qalora",
          "rank_pattern",
          "alpha_pattern",
          "layers_to_transform",
          "layers_pattern",
          "layer_replication",
          "exclude_modules",
          "target_parameters",
          "trainable_token_indices",
          "alora_invocation_tokens",
          "lora_bias",
          "eva_config",
          "corda_config",
          "megatron_config",
          "arrow_config",
          "kasa_config",
          "lora_ga_config",
          "monteclora_config",
          "velora_config",
          "use_bdlora",
          "loftq_config");

  /**
   * The linear modules of BERT's blocks, by endings that name no other. PEFT's {@code all-linear}
   * would add the pooler, which is not adapted here.
   */
  private static final List<String> BERT_LINEAR =
      List.of("query", "key", "value", "intermediate.dense", "output.dense");

  /** Ways to draw A and B that leave the base model as it is; PiSSA and its like change it. */
  private static final Set<String> PLAIN_INITIALISATIONS =
      Set.of("true", "false", "gaussian", "orthogonal");

  /**
   * @throws ConfigException if the file is missing or asks for something that is not supported
   * @throws dev.tributary.foundation.error.CorruptArtifactException if it is no JSON
   */
  static PeftConfig read(Path file) {
    ObjectNode json =
        JsonFile.read(file)
            .orElseThrow(() -> new ConfigException(file + " is missing; a PEFT adapter has one"));
    String type = json.path("peft_type").asString("");
    if (!type.equals("LORA")) {
      throw unusable(file, "peft_type", json, "only LORA adapters can be read");
    }
    String task = json.path("task_type").asString(CAUSAL_LM);
    if (!task.equals(CAUSAL_LM) && !task.equals(SEQ_CLS)) {
      throw unusable(file, "task_type", json, "only CAUSAL_LM and SEQ_CLS adapters can be read");
    }
    for (String field : UNSUPPORTED) {
      if (!isNothing(json.path(field))) {
        throw unusable(file, field, json, "this kind of LoRA is not supported");
      }
    }
    if (!json.path("bias").asString("none").equals("none")) {
      throw unusable(file, "bias", json, "only 'none' is supported");
    }
    if (!PLAIN_INITIALISATIONS.contains(json.path("init_lora_weights").asString("true"))) {
      throw unusable(file, "init_lora_weights", json, "convert the adapter to plain LoRA first");
    }
    JsonNode rank = json.path("r");
    if (!rank.isInt() || rank.intValue() < 1 || rank.intValue() > MAX_RANK) {
      throw unusable(file, "r", json, "use a rank from 1 to " + MAX_RANK);
    }
    LoraConfig lora =
        new LoraConfig(
            rank.intValue(),
            json.path("lora_alpha").asDouble(8),
            json.path("lora_dropout").asDouble(0),
            targets(file, json),
            json.path("use_rslora").asBoolean(false),
            modulesToSave(file, json));
    return new PeftConfig(lora, json.path("base_model_name_or_path").asString(""));
  }

  private static List<String> modulesToSave(Path file, ObjectNode json) {
    List<String> modules =
        json.path("modules_to_save").valueStream().map(node -> node.asString("")).toList();
    if (!SEQ_CLS_MODULES.containsAll(modules)) {
      throw unusable(file, "modules_to_save", json, "only a classifier can be stored in full");
    }
    return modules;
  }

  private static List<String> targets(Path file, ObjectNode json) {
    JsonNode node = json.path("target_modules");
    List<String> targets = new ArrayList<>();
    if (node.isString() && node.stringValue().equals(LoraConfig.ALL_LINEAR)) {
      targets.add(LoraConfig.ALL_LINEAR);
    }
    for (JsonNode target : node) {
      targets.add(target.asString(""));
    }
    if (targets.isEmpty()) {
      throw unusable(file, "target_modules", json, "list the modules by name");
    }
    return targets;
  }

  /**
   * @param family of the base model
   */
  void write(Path file, ModelFamily family) {
    ObjectNode json = JsonFile.object();
    json.putNull("alora_invocation_tokens");
    json.putObject("alpha_pattern");
    json.putNull("arrow_config");
    json.putNull("auto_mapping");
    json.put("base_model_name_or_path", baseModelName);
    json.put("bias", "none");
    json.putNull("corda_config");
    json.put("ensure_weight_tying", false);
    json.putNull("eva_config");
    json.putNull("exclude_modules");
    // Only where weights lie [in, out]; it matters to PEFT when it merges.
    json.put("fan_in_fan_out", family == ModelFamily.GPT2);
    json.put("inference_mode", true);
    json.put("init_lora_weights", true);
    json.putNull("kasa_config");
    json.putNull("layer_replication");
    json.putNull("layers_pattern");
    json.putNull("layers_to_transform");
    json.putObject("loftq_config");
    putNumber(json, "lora_alpha", lora.loraAlpha());
    json.put("lora_bias", false);
    json.put("lora_dropout", lora.loraDropout());
    json.putNull("lora_ga_config");
    json.putNull("megatron_config");
    json.put("megatron_core", "megatron.core");
    putModulesToSave(json);
    json.putNull("monteclora_config");
    json.put("peft_type", "LORA");
    json.put("peft_version", PEFT_VERSION);
    json.put("qalora_group_size", 16);
    json.put("r", lora.r());
    json.putObject("rank_pattern");
    json.putNull("revision");
    putTargets(json, family);
    json.putNull("target_parameters");
    json.put("task_type", family.isEncoder() ? SEQ_CLS : CAUSAL_LM);
    json.putNull("trainable_token_indices");
    json.putNull("use_bdlora");
    json.put("use_dora", false);
    json.put("use_qalora", false);
    json.put("use_rslora", lora.useRslora());
    json.putNull("velora_config");
    JsonFile.write(file, json);
  }

  private void putModulesToSave(ObjectNode json) {
    if (lora.modulesToSave().isEmpty()) {
      json.putNull("modules_to_save");
    } else {
      var modules = json.putArray("modules_to_save");
      lora.modulesToSave().forEach(modules::add);
    }
  }

  private void putTargets(ObjectNode json, ModelFamily family) {
    boolean all = lora.targetModules().contains(LoraConfig.ALL_LINEAR);
    if (all && !family.isEncoder()) {
      json.put("target_modules", LoraConfig.ALL_LINEAR);
      return;
    }
    var targets = json.putArray("target_modules");
    new TreeSet<>(all ? BERT_LINEAR : lora.targetModules()).forEach(targets::add);
  }

  /** PEFT's lora_alpha is an int; fractions are written only where there is one. */
  private static void putNumber(ObjectNode json, String field, double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e9) {
      json.put(field, (int) value);
    } else {
      json.put(field, value);
    }
  }

  private static boolean isNothing(JsonNode node) {
    return node.isMissingNode()
        || node.isNull()
        || node.isBoolean() && !node.booleanValue()
        || node.isContainer() && node.isEmpty();
  }

  private static ConfigException unusable(Path file, String field, ObjectNode json, String why) {
    return new ConfigException(
        "%s: %s: %s cannot be used; %s".formatted(file, field, json.get(field), why));
  }
}
