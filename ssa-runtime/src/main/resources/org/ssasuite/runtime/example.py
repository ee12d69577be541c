"""Scores token ids with an exported model.

  pip install onnxruntime numpy        (onnxruntime 1.29 is what the operators were built against)
  python example.py full 71 250 311 5
  python example.py sparse:16x16 71 250 311 5

Inputs of the graph, all int64: T tokens of S sequences, one behind the other.
  tokens [T]             ids
  positions [T]          of each token within its sequence
  sequence_starts [S+1]  where each sequence begins, and T
  mode [4]               0 0 0 0 full attention, 1 B K 0 the K best blocks of B tokens per query,
                         2 B K 0 the same by the released code's rule, 3 B K W NSA with a window of W,
                         4 B K 0 the first block and the latest ones, 6 B K 0 those with most mass;
                         5 B K 0 and S seeds: blocks drawn at random
  rows [R]               tokens whose successors are rated
  targets [R]            ids of those successors
Outputs: logprob [R] in nats, argmax [R] and argmax_logprob [R] of the most probable successor,
rated_hidden [R, E] behind the last norm, selected_<layer> [T, H, K] blocks, ascending, then -1.
"""
import os
import pathlib
import re
import sys

# Before ONNX Runtime is imported, which else keeps a device id and events in the cache folder.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime as ort

HERE = pathlib.Path(__file__).resolve().parent
LIBRARY = next(p for p in HERE.iterdir() if p.suffix in (".so", ".dylib", ".dll"))


def open_session(threads=0):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.register_custom_ops_library(str(LIBRARY))
    return ort.InferenceSession(str(HERE / "model.onnx"), options, providers=["CPUExecutionProvider"])


def mode_of(text):
    """full, sparse:16x16, or nsa:16x16:128 with the window's tokens."""
    if text == "full":
        return [0, 0, 0, 0]
    found = re.fullmatch(r"(sparse|window|best|nsa):(\d+)x(\d+)(?::(\d+))?", text)
    if found is None or (found[1] == "nsa") != (found[4] is not None):
        raise SystemExit(f"{text}: no mode; full, sparse:16x16, window:16x16, best:16x16 or nsa:16x16:128")
    kind = {"sparse": 1, "nsa": 3, "window": 4, "best": 6}[found[1]]
    return [kind, int(found[2]), int(found[3]), int(found[4] or 0)]


def log_probs(session, ids, mode):
    """log p(ids[i] | ids[:i]) in nats, for i from 1 on."""
    ids = np.asarray(ids, np.int64)
    inputs = {
        "tokens": ids,
        "positions": np.arange(len(ids)),
        "sequence_starts": np.array([0, len(ids)]),
        "mode": np.array(mode_of(mode)),
        "rows": np.arange(len(ids) - 1),
        "targets": ids[1:],
    }
    return session.run(["logprob"], inputs)[0]


if __name__ == "__main__":
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    for value in log_probs(open_session(), [int(i) for i in sys.argv[2:]], sys.argv[1]):
        print(f"{value:.9g}")
