package dev.tributary.engine.train;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.OptimizerState;
import dev.tributary.engine.optimizer.Schedule;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.ParameterLayout;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The bytes of a {@link TrainingState}, big-endian but for the tensors:
 *
 * <pre>
 * int     magic "TRST"          int     version 2
 * UTF     fingerprint of the base model
 * LoRA    int r, double alpha, double dropout, boolean rslora, n target modules, n modules to save;
 *         each int n, n × UTF
 * AdamW   9 fields of OptimizerConfig, the schedule by name
 * long    seed                  long    steps done
 * int     n tensors, then n × (UTF name, int rows, int columns)
 * long    CRC-32C of everything before
 * float32 little-endian: all values, all first moments, all second moments
 * long    CRC-32C of everything before
 * </pre>
 */
final class TrainingStateFormat {

  private static final int MAGIC = 0x54525354;
  private static final int VERSION = 2;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int MOST_NAMES = 10_000;
  private static final ValueLayout.OfFloat NATIVE_FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfFloat LITTLE_FLOAT =
      NATIVE_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Path WHERE = Path.of("training-state");

  private TrainingStateFormat() {}

  static void write(TrainingState state, OutputStream stream) throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(stream, new CRC32C());
    DataOutputStream out = new DataOutputStream(checked);
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeUTF(state.modelFingerprint());
    writeLora(state.adapter().config(), out);
    writeOptimizer(state.optimizer(), out);
    out.writeLong(state.seed());
    out.writeLong(state.step());
    ParameterLayout layout = state.adapter().parameters().layout();
    writeLayout(layout, out);
    out.writeLong(checked.getChecksum().getValue());
    OptimizerState optimizer = state.optimizerState();
    writeFloats(optimizer.values(), out);
    writeFloats(optimizer.firstMoment(), out);
    writeFloats(optimizer.secondMoment(), out);
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  static TrainingState read(InputStream stream, BaseModel model) throws IOException {
    CheckedInputStream checked = new CheckedInputStream(stream, new CRC32C());
    DataInputStream in = new DataInputStream(checked);
    try {
      require(in.readInt() == MAGIC, "does not start with the mark of a training state");
      int version = in.readInt();
      require(version == VERSION, "version %d is not known here".formatted(version));
      String fingerprint = in.readUTF();
      require(
          fingerprint.equals(model.fingerprint()),
          "belongs to another base model (%s) than '%s' (%s)"
              .formatted(fingerprint, model.name(), model.fingerprint()));
      LoraConfig lora = readLora(in);
      OptimizerConfig config = readOptimizer(in);
      long seed = in.readLong();
      long step = in.readLong();
      require(step >= 0, "step %d is negative".formatted(step));
      ParameterLayout layout = LoraAdapter.layout(model.config(), lora);
      readLayout(layout, in);
      // Only now: damaged sizes must not decide how much memory is asked for.
      checkSum(checked, in);
      LoraAdapter adapter = LoraAdapter.zeros(model.config(), lora);
      ParameterBlock first = ParameterBlock.zeros(layout);
      ParameterBlock second = ParameterBlock.zeros(layout);
      readFloats(adapter.parameters(), in);
      readFloats(first, in);
      readFloats(second, in);
      checkSum(checked, in);
      return new TrainingState(
          model.fingerprint(),
          adapter,
          new OptimizerState(config, adapter.parameters(), first, second, step),
          seed);
    } catch (EOFException e) {
      throw new CorruptArtifactException(WHERE, "ends too early", e);
    } catch (UTFDataFormatException | ConfigException e) {
      throw new CorruptArtifactException(WHERE, e.getMessage(), e);
    }
  }

  private static void checkSum(CheckedInputStream checked, DataInputStream in) throws IOException {
    long computed = checked.getChecksum().getValue();
    require(in.readLong() == computed, "the checksum is wrong; the bytes were changed");
  }

  private static void writeLora(LoraConfig lora, DataOutputStream out) throws IOException {
    out.writeInt(lora.r());
    out.writeDouble(lora.loraAlpha());
    out.writeDouble(lora.loraDropout());
    out.writeBoolean(lora.useRslora());
    writeNames(lora.targetModules(), out);
    writeNames(lora.modulesToSave(), out);
  }

  private static void writeNames(List<String> names, DataOutputStream out) throws IOException {
    out.writeInt(names.size());
    for (String name : names) {
      out.writeUTF(name);
    }
  }

  private static LoraConfig readLora(DataInputStream in) throws IOException {
    int r = in.readInt();
    double alpha = in.readDouble();
    double dropout = in.readDouble();
    boolean rslora = in.readBoolean();
    List<String> targets = readNames(in);
    return new LoraConfig(r, alpha, dropout, targets, rslora, readNames(in));
  }

  private static List<String> readNames(DataInputStream in) throws IOException {
    int count = in.readInt();
    require(count >= 0 && count <= MOST_NAMES, "%d module names".formatted(count));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(in.readUTF());
    }
    return names;
  }

  private static void writeOptimizer(OptimizerConfig config, DataOutputStream out)
      throws IOException {
    out.writeDouble(config.learningRate());
    out.writeDouble(config.weightDecay());
    out.writeDouble(config.beta1());
    out.writeDouble(config.beta2());
    out.writeDouble(config.epsilon());
    out.writeDouble(config.maxGradNorm());
    out.writeUTF(config.schedule().name());
    out.writeLong(config.warmupSteps());
    out.writeLong(config.maxSteps());
  }

  private static OptimizerConfig readOptimizer(DataInputStream in) throws IOException {
    return new OptimizerConfig(
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        in.readDouble(),
        Schedule.parse(in.readUTF()),
        in.readLong(),
        in.readLong());
  }

  private static void writeLayout(ParameterLayout layout, DataOutputStream out) throws IOException {
    out.writeInt(layout.entries().size());
    for (ParameterLayout.Entry entry : layout.entries()) {
      out.writeUTF(entry.name());
      out.writeInt(entry.rows());
      out.writeInt(entry.columns());
    }
  }

  /** The layout follows from the configuration; what is written must agree. */
  private static void readLayout(ParameterLayout expected, DataInputStream in) throws IOException {
    int count = in.readInt();
    require(
        count == expected.entries().size(),
        "%d tensors where the model has %d".formatted(count, expected.entries().size()));
    for (ParameterLayout.Entry entry : expected.entries()) {
      String name = in.readUTF();
      int rows = in.readInt();
      int columns = in.readInt();
      require(
          name.equals(entry.name()) && rows == entry.rows() && columns == entry.columns(),
          "tensor %s [%d, %d] where the model has %s [%d, %d]"
              .formatted(name, rows, columns, entry.name(), entry.rows(), entry.columns()));
    }
  }

  private static void writeFloats(ParameterBlock block, OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (Tensor tensor : block.tensors().values()) {
      long bytes = 4 * tensor.size();
      for (long from = 0; from < bytes; from += CHUNK_BYTES) {
        int length = (int) Math.min(CHUNK_BYTES, bytes - from);
        MemorySegment.copy(
            tensor.memory(),
            NATIVE_FLOAT,
            from,
            MemorySegment.ofArray(chunk),
            LITTLE_FLOAT,
            0,
            length / 4);
        out.write(chunk, 0, length);
      }
    }
  }

  private static void readFloats(ParameterBlock block, DataInputStream in) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (Tensor tensor : block.tensors().values()) {
      long bytes = 4 * tensor.size();
      for (long from = 0; from < bytes; from += CHUNK_BYTES) {
        int length = (int) Math.min(CHUNK_BYTES, bytes - from);
        in.readFully(chunk, 0, length);
        MemorySegment.copy(
            MemorySegment.ofArray(chunk),
            LITTLE_FLOAT,
            0,
            tensor.memory(),
            NATIVE_FLOAT,
            from,
            length / 4);
      }
    }
  }

  private static void require(boolean holds, String detail) {
    if (!holds) {
      throw new CorruptArtifactException(WHERE, detail);
    }
  }
}
