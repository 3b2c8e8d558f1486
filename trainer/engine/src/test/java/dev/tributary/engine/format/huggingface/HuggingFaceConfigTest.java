package dev.tributary.engine.format.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelConfig.Biases;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.model.Rotary;
import dev.tributary.engine.testing.Golden;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.foundation.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceConfigTest {

  private static final String LLAMA =
      "'model_type':'llama','vocab_size':97,'max_position_embeddings':64,'hidden_size':24,"
          + "'num_hidden_layers':3,'num_attention_heads':4,'intermediate_size':34";

  private static final String MISTRAL =
      LLAMA.replace("llama", "mistral") + ",'num_key_value_heads':2";

  private static final String QWEN =
      LLAMA.replace("llama", "qwen2") + ",'num_key_value_heads':2,'sliding_window':40";

  private static final String BERT =
      "'model_type':'bert','vocab_size':97,'max_position_embeddings':64,'hidden_size':24,"
          + "'num_hidden_layers':3,'num_attention_heads':4,'intermediate_size':34";

  @TempDir Path directory;

  @Test
  void readsWhatTransformersWrites() {
    assertEquals(
        ModelConfig.gpt2(64, 16, 16, 2, 2), HuggingFaceConfig.read(Golden.path("peft/base")));
  }

  @Test
  void fillsInTheFamilysDefaults() {
    assertEquals(ModelConfig.gpt2(50_257, 1_024, 768, 12, 12), read("{'model_type':'gpt2'}"));
  }

  @Test
  void readsBackWhatItWrote() {
    var config =
        new ModelConfig(
            ModelFamily.GPT2,
            300,
            64,
            32,
            2,
            new AttentionShape(4, 4, 8, true),
            100,
            Activation.GELU_TANH,
            1e-6,
            Optional.empty(),
            Biases.ALL,
            false,
            0,
            0);
    HuggingFaceConfig.write(directory, config, 3);
    assertEquals(config, HuggingFaceConfig.read(directory));
  }

  @Test
  void readsLlama32AsPublished() {
    ModelConfig config =
        read(
            """
            {'architectures':['LlamaForCausalLM'],'attention_bias':false,'attention_dropout':0.0,
             'bos_token_id':128000,'eos_token_id':128001,'head_dim':64,'hidden_act':'silu',
             'hidden_size':2048,'initializer_range':0.02,'intermediate_size':8192,
             'max_position_embeddings':131072,'mlp_bias':false,'model_type':'llama',
             'num_attention_heads':32,'num_hidden_layers':16,'num_key_value_heads':8,
             'pretraining_tp':1,'rms_norm_eps':1e-05,'rope_scaling':{'factor':32.0,
             'high_freq_factor':4.0,'low_freq_factor':1.0,'original_max_position_embeddings':8192,
             'rope_type':'llama3'},'rope_theta':500000.0,'tie_word_embeddings':true,
             'torch_dtype':'bfloat16','transformers_version':'4.45.0.dev0','use_cache':true,
             'vocab_size':128256}\
            """);
    assertEquals(
        new ModelConfig(
            ModelFamily.LLAMA,
            128_256,
            131_072,
            2_048,
            16,
            new AttentionShape(32, 8, 64, true),
            8_192,
            Activation.SILU,
            1e-5,
            Optional.of(new Rotary(500_000, 1, Optional.of(new Rotary.Llama3(32, 1, 4, 8_192)))),
            Biases.NONE,
            true,
            0,
            0),
        config);
  }

  @Test
  void readsQwen25AsPublished() {
    ModelConfig config =
        read(
            """
            {'architectures':['Qwen2ForCausalLM'],'attention_dropout':0.0,'hidden_act':'silu',
             'hidden_size':896,'intermediate_size':4864,'max_position_embeddings':32768,
             'max_window_layers':24,'model_type':'qwen2','num_attention_heads':14,
             'num_hidden_layers':24,'num_key_value_heads':2,'rms_norm_eps':1e-06,
             'rope_theta':1000000.0,'sliding_window':32768,'tie_word_embeddings':true,
             'torch_dtype':'bfloat16','use_mrope':false,'use_sliding_window':false,
             'vocab_size':151936}\
            """);
    assertEquals(
        new ModelConfig(
            ModelFamily.QWEN2,
            151_936,
            32_768,
            896,
            24,
            new AttentionShape(14, 2, 64, true),
            4_864,
            Activation.SILU,
            1e-6,
            Optional.of(Rotary.of(1_000_000)),
            new Biases(true, false, false),
            true,
            0,
            0),
        config);
  }

  @Test
  void readsQwen3WithItsOwnHeadSize() {
    ModelConfig config =
        read(
            """
            {'architectures':['Qwen3ForCausalLM'],'attention_bias':false,'head_dim':128,
             'hidden_act':'silu','hidden_size':1024,'intermediate_size':3072,
             'max_position_embeddings':40960,'max_window_layers':28,'model_type':'qwen3',
             'num_attention_heads':16,'num_hidden_layers':28,'num_key_value_heads':8,
             'rms_norm_eps':1e-06,'rope_scaling':null,'rope_theta':1000000,'sliding_window':null,
             'tie_word_embeddings':true,'torch_dtype':'bfloat16','use_sliding_window':false,
             'vocab_size':151936}\
            """);
    assertEquals(new AttentionShape(16, 8, 128, true), config.attention());
    assertEquals(Biases.NONE, config.biases());
    assertEquals(ModelFamily.QWEN3, config.family());
  }

  @Test
  void readsBertAsPublishedWithoutLabels() {
    ModelConfig config =
        read(
            """
            {'architectures':['BertForMaskedLM'],'attention_probs_dropout_prob':0.1,
             'gradient_checkpointing':false,'hidden_act':'gelu','hidden_dropout_prob':0.1,
             'hidden_size':768,'initializer_range':0.02,'intermediate_size':3072,
             'layer_norm_eps':1e-12,'max_position_embeddings':512,'model_type':'bert',
             'num_attention_heads':12,'num_hidden_layers':12,'pad_token_id':0,
             'position_embedding_type':'absolute','type_vocab_size':2,'use_cache':true,
             'vocab_size':30522}\
            """);
    var expected =
        new ModelConfig(
            ModelFamily.BERT,
            30_522,
            512,
            768,
            12,
            new AttentionShape(12, 12, 64, false),
            3_072,
            Activation.GELU,
            1e-12,
            Optional.empty(),
            Biases.ALL,
            true,
            2,
            0);
    assertEquals(expected, config);
    assertEquals(7, config.withLabels(7).labels());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'id2label':{'0':'a','1':'b','2':'c'} | 3",
        "'num_labels':4 | 4",
        "'dtype':'float32' | 2",
      })
  void countsAClassifiersLabels(String fields, int labels) {
    ModelConfig config =
        read("{%s,'architectures':['BertForSequenceClassification'],%s}".formatted(BERT, fields));
    assertEquals(labels, config.labels());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'rope_theta':500.0,'rope_scaling':{'type':'linear','factor':2.5}",
        "'rope_theta':500,'rope_scaling':{'rope_type':'linear','factor':2.5}",
        "'rope_parameters':{'rope_type':'linear','rope_theta':500.0,'factor':2.5}",
      })
  void readsRotaryPositionsInEverySpelling(String fields) {
    ModelConfig config = read("{" + LLAMA + "," + fields + "}");
    assertEquals(Optional.of(new Rotary(500, 2.5, Optional.empty())), config.rotary());
  }

  @Test
  void fillsInWhatOldLlamasLeaveOut() {
    ModelConfig config = read("{" + LLAMA + "}");
    assertEquals(new AttentionShape(4, 4, 6, true), config.attention());
    assertEquals(Optional.of(Rotary.of(10_000)), config.rotary());
    assertEquals(1e-6, config.normEpsilon());
    assertEquals(false, config.tiedEmbeddings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'sliding_window':40 | mistral | 40",
        "'sliding_window':400 | mistral | 64",
        "'sliding_window':null | mistral | 64",
        "'attention_dropout':0.0 | mistral | 64",
        "'use_sliding_window':false | qwen2 | 64",
        "'use_sliding_window':true | qwen2 | 64",
        "'use_sliding_window':true,'max_window_layers':2 | qwen2 | 40",
        "'use_sliding_window':true,'max_window_layers':0 | qwen2 | 40",
        "'use_sliding_window':true,'layer_types':['full_attention','full_attention'] | qwen2 | 64",
        "'use_sliding_window':true,'layer_types':['full_attention','sliding_attention'] | qwen2 |"
            + " 40",
      })
  void boundsTheContextByTheWindow(String fields, String family, int context) {
    String base = family.equals("mistral") ? MISTRAL : QWEN;
    assertEquals(context, read("{" + base + "," + fields + "}").contextLength());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model_type':'mamba'} | model_type: 'mamba' cannot be used; use one of gpt2, bert, llama",
        "{'model_type':'qwen2_moe'} | model_type",
        "{} | model_type",
        "{'model_type':'gpt2','activation_function':'relu6'} | activation_function: 'relu6'",
        "{'model_type':'gpt2','scale_attn_by_inverse_layer_idx':true} |"
            + " scale_attn_by_inverse_layer_idx: 'true'",
        "{'model_type':'gpt2','quantization_config':{'bits':4}} | quantization_config",
        "{'model_type':'gpt2','pruned_heads':{'1':[2]}} | pruned_heads",
        "{'model_type':'gpt2','n_layer':0} | n_layer",
        "{'model_type':'gpt2','n_embd':'x'} | n_embd",
        "{'model_type':'gpt2','n_head':5} | n_head",
        "{'model_type':'gpt2','architectures':['GPT2ForSequenceClassification']} | architectures",
        "{'model_type':'llama'} | max_position_embeddings",
        "{LLAMA,'hidden_act':'xielu'} | hidden_act: 'xielu'",
        "{LLAMA,'architectures':['LlamaForTokenClassification']} | architectures",
        "{LLAMA,'num_key_value_heads':3} | num_key_value_heads: '3'",
        "{LLAMA,'rope_scaling':{'type':'dynamic','factor':2}} | rope_scaling.type: 'dynamic'",
        "{LLAMA,'rope_parameters':{'rope_type':'yarn','factor':2}} | rope_parameters.rope_type:"
            + " 'yarn'",
        "{LLAMA,'rope_parameters':{'rope_type':'longrope'}} | rope_parameters.rope_type",
        "{LLAMA,'rope_parameters':{'full_attention':{'rope_theta':1}}} | full_attention",
        "{LLAMA,'rope_scaling':{'type':'linear'}} | rope_scaling.factor",
        "{LLAMA,'rope_scaling':{'rope_type':'llama3','factor':8,'low_freq_factor':4}} |"
            + " high_freq_factor",
        "{LLAMA,'partial_rotary_factor':0.5} | partial_rotary_factor",
        "{LLAMA,'rope_theta':'x'} | rope_theta",
        "{LLAMA,'head_dim':5} | head_dim",
        "{LLAMA,'tie_word_embeddings':1} | tie_word_embeddings",
        "{QWEN,'layer_types':['sliding_attention']} | layer_types",
        "{QWEN,'layer_types':['linear_attention']} | layer_types",
        "{BERT,'position_embedding_type':'relative_key'} | position_embedding_type:"
            + " 'relative_key'",
        "{BERT,'is_decoder':true} | is_decoder",
        "{'model_type':'bert','hidden_size':24,'num_attention_heads':7} | num_attention_heads: '7'",
        "{BERT,'architectures':['BertForSequenceClassification'],'num_labels':1} | num_labels",
        "{BERT,'architectures':['BertForSequenceClassification'],"
            + "'problem_type':'multi_label_classification'} | problem_type",
      })
  void namesWhatItCannotCompute(String json, String complaint) {
    String whole = json.replace("LLAMA", LLAMA).replace("QWEN", QWEN).replace("BERT,", BERT + ",");
    var error = assertThrows(ConfigException.class, () -> read(whole));
    assertTrue(error.getMessage().contains(complaint.strip()), error.getMessage());
    assertTrue(error.getMessage().startsWith(directory.toString()), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{", "[1]", "{'a':1,'a':2}"})
  void refusesDamagedFiles(String json) {
    assertThrows(CorruptArtifactException.class, () -> read(json));
  }

  @Test
  void saysWhatIsMissing() {
    TributaryException error =
        assertThrows(ConfigException.class, () -> HuggingFaceConfig.read(directory));
    assertTrue(error.getMessage().contains("config.json is missing"), error.getMessage());
  }

  private ModelConfig read(String json) {
    try {
      Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return HuggingFaceConfig.read(directory);
  }
}
