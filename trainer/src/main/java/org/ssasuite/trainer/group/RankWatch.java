package org.ssasuite.trainer.group;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.ssasuite.core.BadInputException;

/**
 * Notices that a rank is gone, whatever the others wait for: rank 0 and each other one hold a
 * connection on which both say every few seconds that they live. It breaks when a process ends, and
 * falls silent when a host does. Mutable, one owner, threads of its own.
 */
final class RankWatch implements AutoCloseable {
  private static final int BEAT_MILLIS = 5_000;
  private static final int SILENCE_MILLIS = 30_000;
  private static final int CONNECT_MILLIS = 60_000;
  private static final int ALIVE = 0;
  private static final int DONE = 1;

  private final IntConsumer lost;
  private final List<Socket> peers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch told = new CountDownLatch(1);

  private RankWatch(IntConsumer lost) {
    this.lost = lost;
  }

  /**
   * Rank 0's watch over the others.
   *
   * @param server that they connect to; closed when all have
   * @param lost gets the rank that is gone, once, on a thread of the watch
   */
  static RankWatch over(ServerSocket server, int others, IntConsumer lost) {
    RankWatch watch = new RankWatch(lost);
    try (server) {
      server.setSoTimeout(CONNECT_MILLIS);
      for (int i = 0; i < others; i++) {
        Socket peer = server.accept();
        watch.add(peer, peer.getInputStream().read());
      }
    } catch (IOException e) {
      throw new BadInputException("ranks", "not all " + (others + 1) + " came: " + e.getMessage());
    }
    return watch;
  }

  /** Another rank's watch over rank 0. */
  static RankWatch of(String host, int port, int rank, IntConsumer lost) {
    RankWatch watch = new RankWatch(lost);
    try {
      Socket peer = new Socket();
      peer.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      peer.getOutputStream().write(rank);
      watch.add(peer, 0);
    } catch (IOException e) {
      throw new BadInputException("rank 0", "is not reached: " + e.getMessage());
    }
    return watch;
  }

  private void add(Socket peer, int rank) throws IOException {
    peer.setSoTimeout(SILENCE_MILLIS);
    peers.add(peer);
    run("rank " + rank + " lives", () -> listen(peer, rank));
    run("this rank lives", () -> beat(peer));
  }

  private static void run(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void listen(Socket peer, int rank) {
    int said = ALIVE;
    try {
      while (said == ALIVE) {
        said = peer.getInputStream().read();
      }
    } catch (IOException e) {
      said = -1;
    }
    if (said != DONE && closed.compareAndSet(false, true)) {
      lost.accept(rank);
      told.countDown();
    }
  }

  private void beat(Socket peer) {
    try {
      while (!closed.get()) {
        peer.getOutputStream().write(ALIVE);
        Thread.sleep(BEAT_MILLIS);
      }
    } catch (IOException e) {
      // The listener hears it, too.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until a loss has been told, which may end this process; a sum may fail of it before. */
  void awaitLoss() {
    try {
      told.await(SILENCE_MILLIS + BEAT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells the others that this one ends as it should. */
  void finish() {
    if (closed.compareAndSet(false, true)) {
      for (Socket peer : peers) {
        try (peer) {
          peer.getOutputStream().write(DONE);
        } catch (IOException e) {
          // It has ended before.
        }
      }
    }
  }

  @Override
  public void close() {
    closed.set(true);
    for (Socket peer : peers) {
      try {
        peer.close();
      } catch (IOException e) {
        // Closed all the same.
      }
    }
  }
}
