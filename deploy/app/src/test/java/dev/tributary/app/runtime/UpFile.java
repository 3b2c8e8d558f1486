package dev.tributary.app.runtime;

import dev.tributary.engine.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A configuration file for a whole Tributary on free ports, with a tiny base model. */
final class UpFile {

  private UpFile() {}

  static Path write(Path directory) throws IOException {
    Path model = TinyModel.write(directory.resolve("tiny"), 1);
    return Files.writeString(
        directory.resolve("tributary.yaml"),
        """
        base_model: %s
        state_dir: %s
        topics: {partitions: 1}
        broker: {port: 0}
        ingest: {http: {port: 0}, topology: {state_stores: in_memory}}
        trainer: {http: {port: 0}}
        evaluator: {http: {port: 0}}
        serve: {http: {port: 0}}
        """
            .formatted(model, directory.resolve("state")));
  }
}
