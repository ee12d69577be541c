package org.ssasuite.trainer.group;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import org.ssasuite.core.BadInputException;
import org.ssasuite.trainer.engine.ComputeDevice;
import org.ssasuite.trainer.engine.Engine;
import org.ssasuite.trainer.engine.TensorScope;

/**
 * Ranks joined by libtorch's process groups: NCCL on CUDA, Gloo on the CPU. Deterministic: each
 * rank gets its part of all others', adds in the order of ranks, and gives the sum to all. Fast:
 * the library's sum over all.
 */
public final class Joined implements Group {
  private static final String WATCH_PORT = "ssa/watch";

  /** What the library's threads may still look at when a group has ended; never freed. */
  private static final List<Pointer> LEFT = new ArrayList<>();

  private final Rendezvous meeting;
  private final Engine engine;
  private final boolean deterministic;
  private final TCPStore store;
  private final Backend backend;
  private final RankWatch watch;

  private Joined(
      Rendezvous meeting, Engine engine, boolean deterministic, TCPStore store, RankWatch watch) {
    this.meeting = meeting;
    this.engine = engine;
    this.deterministic = deterministic;
    this.store = store;
    this.watch = watch;
    this.backend = backend(meeting, engine, store);
  }

  /**
   * Meets the others.
   *
   * @param lost gets the rank that is gone, once, on another thread; this one may be stuck then
   * @throws BadInputException if they do not come
   */
  public static Group meet(
      Rendezvous meeting, Engine engine, boolean deterministic, IntConsumer lost) {
    try {
      TCPStore store = store(meeting);
      RankWatch watch = watch(meeting, store, lost);
      return new Joined(meeting, engine, deterministic, store, watch);
    } catch (BadInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BadInputException("rank " + meeting.rank(), "does not join: " + firstLine(e), e);
    }
  }

  private static TCPStore store(Rendezvous meeting) {
    TCPStoreOptions options = new TCPStoreOptions();
    options.port((short) meeting.port());
    options.isServer(meeting.rank() == 0);
    options.waitWorkers(false);
    return new TCPStore(meeting.host(), options);
  }

  private static RankWatch watch(Rendezvous meeting, TCPStore store, IntConsumer lost) {
    if (meeting.rank() > 0) {
      int port = Integer.parseInt(store.get_to_str(WATCH_PORT));
      return RankWatch.of(meeting.host(), port, meeting.rank(), lost);
    }
    try {
      ServerSocket server = new ServerSocket(0);
      store.set(WATCH_PORT, "" + server.getLocalPort());
      return RankWatch.over(server, meeting.size() - 1, lost);
    } catch (IOException e) {
      throw new BadInputException("rank 0", "has no port for the others: " + e.getMessage());
    }
  }

  private static Backend backend(Rendezvous meeting, Engine engine, TCPStore store) {
    if (engine.device() == ComputeDevice.CUDA) {
      return new ProcessGroupNCCL(store, meeting.rank(), meeting.size());
    }
    ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create();
    options.devices().push_back(ProcessGroupGloo.createDeviceForHostname(ownHost(meeting)));
    return new ProcessGroupGloo(store, meeting.rank(), meeting.size(), options);
  }

  /** On one host, its loopback; else the name by which others know this one. */
  private static String ownHost(Rendezvous meeting) {
    try {
      return InetAddress.getByName(meeting.host()).isLoopbackAddress()
          ? meeting.host()
          : InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      throw new BadInputException("MASTER_ADDR " + meeting.host(), "is not known");
    }
  }

  @Override
  public int rank() {
    return meeting.rank();
  }

  @Override
  public int size() {
    return meeting.size();
  }

  @Override
  public double[] sum(double... mine) {
    return together(
        () -> {
          Tensor own = engine.exact(mine);
          Tensor all = torch.zeros(new long[] {(long) size() * mine.length}, own.options());
          await(backend._allgather_base(all, own));
          double[] found = Engine.doubles(all);
          double[] sums = new double[mine.length];
          for (int i = 0; i < found.length; i++) {
            sums[i % mine.length] += found[i];
          }
          return sums;
        });
  }

  @Override
  public void add(Tensor flat) {
    together(
        () -> {
          if (deterministic) {
            addInOrder(flat);
          } else {
            await(backend.allreduce(new TensorVector(flat)));
          }
          return size();
        });
  }

  private void addInOrder(Tensor flat) {
    long part = (flat.numel() + size() - 1) / size();
    boolean uneven = part * size() != flat.numel();
    Tensor padded = flat;
    if (uneven) {
      padded = torch.zeros(new long[] {part * size()}, flat.options());
      padded.narrow(0, 0, flat.numel()).copy_(flat);
    }
    Tensor received = torch.empty_like(padded);
    await(backend.alltoall_base(received, padded, new LongVector(), new LongVector()));
    Tensor sum = received.narrow(0, 0, part);
    for (int rank = 1; rank < size(); rank++) {
      sum.add_(received.narrow(0, rank * part, part));
    }
    await(backend._allgather_base(padded, sum.clone()));
    if (uneven) {
      flat.copy_(padded.narrow(0, 0, flat.numel()));
    }
  }

  /** On CUDA the current stream waits, not this thread. */
  private static void await(Work work) {
    work._wait();
  }

  /** A call that all ranks make; if it fails because one is gone, the watch says which. */
  @SuppressWarnings("try") // the scope works by being open
  private <T> T together(Supplier<T> call) {
    try (TensorScope scope = new TensorScope()) {
      return call.get();
    } catch (RuntimeException e) {
      watch.awaitLoss();
      throw new BadInputException("rank " + rank(), "is cut off: " + firstLine(e), e);
    }
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  @Override
  public void finish() {
    sum(0);
    watch.finish();
    backend.shutdown();
  }

  @Override
  public void close() {
    watch.close();
    synchronized (LEFT) {
      LEFT.add(backend);
      LEFT.add(store);
    }
  }
}
