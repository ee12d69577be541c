package org.ssasuite.leaderboards.fuzz;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ssasuite.core.files.Digests;
import org.ssasuite.core.request.Work;
import org.ssasuite.core.run.AnsweredUnit;
import org.ssasuite.core.run.unit.SampleRange;

/** A unit that an executor has answered; half of what is spoilt has the digest of what it is. */
record UnitSeed() implements Seed {
  private static final int DIGEST_BYTES = 64;

  private static final AnsweredUnit UNIT =
      new AnsweredUnit(
          3,
          new SampleRange(4, 6),
          Optional.of("another processor, avx2"),
          List.of(
              new AnsweredUnit.Part("{\"a\":1}\n{\"a\":2}\n", Work.NONE, 0),
              new AnsweredUnit.Part("{\"b\":1}\n{\"b\":2}\n", new Work(2, 300, 40), 1.25)));

  @Override
  public byte[] content() {
    return UNIT.bytes();
  }

  @Override
  public Mutant mutant(RandomGenerator random) {
    byte[] bytes = content();
    if (random.nextBoolean()) {
      return ByteMutations.spoil(random, bytes);
    }
    byte[] rest = Arrays.copyOfRange(bytes, DIGEST_BYTES, bytes.length);
    Mutant spoilt = ByteMutations.spoil(random, rest);
    String digest = Digests.sha256(spoilt.content());
    return new Mutant(
        spoilt.what() + ", with its digest",
        spoilt.ending(),
        ByteMutations.spliced(spoilt.content(), 0, 0, digest.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Reads one, which then is written as it was read. */
  static void read(Path folder, Path file) {
    AnsweredUnit unit = AnsweredUnit.read(file);
    FuzzedReader.WrongReadException.unless(
        AnsweredUnit.read(unit.bytes(), "a unit").equals(unit), "another unit after writing");
  }
}
