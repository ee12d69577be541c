package org.ssasuite.trainer.group;

import java.util.Map;
import java.util.Optional;
import org.ssasuite.core.BadInputException;

/**
 * Where processes meet, as torchrun tells each of them in its environment.
 *
 * @param localRank which one this is on its host: its GPU's number
 * @param host of rank 0
 * @param port on which rank 0 waits for the others
 */
public record Rendezvous(int rank, int size, int localRank, String host, int port) {
  private static final String RANK = "RANK";
  private static final String SIZE = "WORLD_SIZE";
  private static final String LOCAL_RANK = "LOCAL_RANK";
  private static final String HOST = "MASTER_ADDR";
  private static final String PORT = "MASTER_PORT";
  private static final int MOST = 4096;

  public Rendezvous {
    if (rank >= size) {
      throw new BadInputException(RANK, "is " + rank + " of " + size + " (" + SIZE + ")");
    }
  }

  /**
   * What an environment says; absent where it says nothing of ranks.
   *
   * @throws BadInputException for a variable that is missing or no number
   */
  public static Optional<Rendezvous> of(Map<String, String> environment) {
    if (!environment.containsKey(RANK) && !environment.containsKey(SIZE)) {
      return Optional.empty();
    }
    int rank = number(environment, RANK, 0, MOST);
    return Optional.of(
        new Rendezvous(
            rank,
            number(environment, SIZE, 1, MOST),
            environment.containsKey(LOCAL_RANK) ? number(environment, LOCAL_RANK, 0, MOST) : rank,
            stated(environment, HOST),
            number(environment, PORT, 1, 65535)));
  }

  /** The variables that tell a process this. */
  public Map<String, String> environment() {
    return Map.of(
        RANK, "" + rank, SIZE, "" + size, LOCAL_RANK, "" + localRank, HOST, host, PORT, "" + port);
  }

  private static String stated(Map<String, String> environment, String name) {
    String text = environment.get(name);
    if (text == null || text.isBlank()) {
      throw new BadInputException(name, "is missing in the environment");
    }
    return text;
  }

  private static int number(Map<String, String> environment, String name, int least, int most) {
    String text = stated(environment, name);
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new BadInputException(
        name, "is '" + text + "' in the environment; a number from " + least + " to " + most);
  }
}
