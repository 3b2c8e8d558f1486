package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.data.ClassLabels;
import dev.tributary.engine.format.JsonFile;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A classifier's classes as Hugging Face writes them, {@code id2label} and {@code label2id}: in the
 * {@code config.json} of a model, and in {@code labels.json} beside an adapter, whose own files
 * have no place for them: {@code from_pretrained(base, **json.load(open("labels.json")))}.
 */
public final class HuggingFaceLabels {

  private static final String OF_MODEL = "config.json";
  private static final String OF_ADAPTER = "labels.json";
  private static final String BY_ID = "id2label";
  private static final String BY_NAME = "label2id";

  private HuggingFaceLabels() {}

  /** The classes a model directory names, if it does. */
  public static Optional<ClassLabels> ofModel(Path modelDirectory) {
    return read(modelDirectory.resolve(OF_MODEL));
  }

  /** The classes an adapter was trained for, if it says so. */
  public static Optional<ClassLabels> ofAdapter(Path adapterDirectory) {
    return read(adapterDirectory.resolve(OF_ADAPTER));
  }

  /** Leaves the classes beside an adapter. */
  public static void writeBesideAdapter(Path adapterDirectory, ClassLabels labels) {
    ObjectNode json = JsonFile.object();
    put(json, labels);
    JsonFile.write(adapterDirectory.resolve(OF_ADAPTER), json);
  }

  static void put(ObjectNode json, ClassLabels labels) {
    ObjectNode byId = json.putObject(BY_ID);
    ObjectNode byName = json.putObject(BY_NAME);
    for (int i = 0; i < labels.size(); i++) {
      byId.put(String.valueOf(i), labels.name(i));
      byName.put(labels.name(i), i);
    }
  }

  private static Optional<ClassLabels> read(Path file) {
    return JsonFile.read(file)
        .filter(json -> json.path(BY_ID).isObject() && !json.path(BY_ID).isEmpty())
        .map(json -> labels(json, file));
  }

  private static ClassLabels labels(ObjectNode json, Path file) {
    int count = json.path(BY_ID).size();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = String.valueOf(i);
      if (!json.path(BY_ID).path(id).isString()) {
        throw new CorruptArtifactException(
            file, "%s: '%s' has no name; number the %d classes from 0".formatted(BY_ID, id, count));
      }
      names.add(json.path(BY_ID).path(id).stringValue());
    }
    return ClassLabels.named(names);
  }
}
