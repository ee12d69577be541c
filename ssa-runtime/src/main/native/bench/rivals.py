"""Times the rivals of the CUDA kernels: torch's flash and cuDNN attention, and the released Triton ops of SSA.

    python3 rivals.py [--released DIR] [--peaks] [tokens ...]

DIR holds `parallel.py` of the released code (github.com/zhenyi4/ssa, hf_files) and lets it import `fla` and
`native_sparse_attention`. bf16, batch 1, 32 query and 2 KV heads of 64, causal, forward; medians of event times.
"""
import argparse
import statistics
import sys

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

QUERY_HEADS, KV_HEADS, DIM = 32, 2, 64


def median_millis(work, least=5):
    work()
    work()
    times = []
    while len(times) < least or (sum(times) < 150 and len(times) < 200):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        work()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end))
    return statistics.median(times)


def show(tokens, what, work):
    try:
        print(f"| {tokens:7d} | {what:34s} | {median_millis(work):9.4f} |", flush=True)
    except Exception as error:  # a rival that cannot run is a row of its own
        print(f"| {tokens:7d} | {what:34s} | {type(error).__name__}: {str(error)[:100]} |", flush=True)


def peaks():
    a, b = (torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    millis = median_millis(lambda: a @ b)
    print(f"matrix product 8192^3 bf16: {2 * 8192**3 / millis * 1e-9:.0f} TFLOP/s")


def full_attention(tokens):
    q = torch.randn(1, QUERY_HEADS, tokens, DIM, device="cuda", dtype=torch.bfloat16)
    k, v = (torch.randn(1, KV_HEADS, tokens, DIM, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    for name, backend in (("torch flash", SDPBackend.FLASH_ATTENTION), ("torch cuDNN", SDPBackend.CUDNN_ATTENTION)):
        with sdpa_kernel(backend):
            show(tokens, name, lambda: torch.nn.functional.scaled_dot_product_attention(
                q, k, v, is_causal=True, enable_gqa=True))


def released(tokens, ops):
    q = torch.randn(1, tokens, QUERY_HEADS, DIM, device="cuda", dtype=torch.bfloat16)
    k, v = (torch.randn(1, tokens, KV_HEADS, DIM, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    scale = DIM**-0.5

    def select():
        k_mean, v_mean = ops.mean_pooling(k, 16), ops.mean_pooling(v, 16)
        _, lse = ops.parallel_nsa_compression_fwd(q, k_mean, v_mean, 16, scale)
        return ops.parallel_nsa_topk(q, k_mean, lse, 16, 16, scale)

    indices = select()
    show(tokens, "released 16 x 16, selection", select)
    show(tokens, "released 16 x 16, attention",
         lambda: ops.parallel_nsa_fwd(q, k, v, indices, 16, 16, scale))
    show(tokens, "released 16 x 16, both",
         lambda: ops.parallel_nsa_fwd(q, k, v, select(), 16, 16, scale))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--released")
    options.add_argument("--peaks", action="store_true")
    options.add_argument("tokens", type=int, nargs="*", default=[8192, 32768, 131072])
    asked = options.parse_args()
    print(torch.cuda.get_device_name(), "torch", torch.__version__)
    if asked.peaks:
        peaks()
    ops = None
    if asked.released:
        sys.path.insert(0, asked.released)
        import parallel as ops
    for tokens in asked.tokens:
        full_attention(tokens)
        if ops:
            released(tokens, ops)


if __name__ == "__main__":
    with torch.no_grad():
        main()
