package org.ssasuite.leaderboards.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/** A valid file of some format that knows how its format can be spoilt. */
interface Seed {
  /** The file as it should be. */
  byte[] content();

  /** The file with something wrong, or seldom with nothing wrong; the same for the same draws. */
  Mutant mutant(RandomGenerator random);

  /** One of several files at random. */
  static Seed oneOf(List<Seed> seeds) {
    return new Seed() {
      @Override
      public byte[] content() {
        return seeds.get(0).content();
      }

      @Override
      public Mutant mutant(RandomGenerator random) {
        return seeds.get(random.nextInt(seeds.size())).mutant(random);
      }
    };
  }

  /** The same file, in one of 25 cases a pipe, a folder or another kind of file in its place. */
  static Seed orOtherKind(Seed seed, boolean passage) {
    return new Seed() {
      @Override
      public byte[] content() {
        return seed.content();
      }

      @Override
      public Mutant mutant(RandomGenerator random) {
        if (random.nextInt(25) > 0) {
          return seed.mutant(random);
        }
        FileKind kind = FileKind.other(random, passage);
        return new Mutant(kind.text(), kind, "", seed.content());
      }
    };
  }

  /** The same file, in some of the cases packed, and the packing spoilt too. */
  static Seed orPacked(Seed seed) {
    return new Seed() {
      @Override
      public byte[] content() {
        return seed.content();
      }

      @Override
      public Mutant mutant(RandomGenerator random) {
        if (random.nextInt(5) > 0) {
          return seed.mutant(random);
        }
        boolean valid = random.nextInt(3) > 0;
        Mutant inner = valid ? new Mutant("", "", seed.content()) : seed.mutant(random);
        return Packing.mutant(random, inner);
      }
    };
  }
}
