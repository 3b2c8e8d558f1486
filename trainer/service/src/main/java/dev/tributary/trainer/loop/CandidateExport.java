package dev.tributary.trainer.loop;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.store.ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Exports an adapter's weights as a directory and puts it into the artefact store. */
final class CandidateExport {

  private final Path workDirectory;
  private final ArtifactStore store;

  /**
   * @param workDirectory where directories are written before they are stored; emptied by this class
   */
  CandidateExport(Path workDirectory, ArtifactStore store) {
    this.workDirectory = workDirectory;
    this.store = store;
  }

  /**
   * @return the directory's hash in the store
   * @throws RetriableException if the disk is full or fails
   */
  String store(AdapterLearner learner) {
    try {
      delete(workDirectory);
      Files.createDirectories(workDirectory);
      learner.export(workDirectory);
      String hash = store.put(workDirectory);
      delete(workDirectory);
      return hash;
    } catch (IOException e) {
      throw new RetriableException("the candidate cannot be exported to " + workDirectory, e);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
