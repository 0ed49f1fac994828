"""The training step of `./athanor bench engine` in PyTorch: same shapes, same arithmetic, as a PyTorch user would write it.

    python3 pytorch_decoder.py [--shape m10|gpt2-124m] [--device cuda|cpu] [--compile]

bf16 autocast with fp32 weights, scaled-dot-product attention, fused AdamW, clipping; GPT-2 style with tied embeddings.
Prints one JSON object a line, as the benchmarks do.
"""

import argparse
import json
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

SHAPES = {"m10": (6, 6, 384, 256, 16, 8192), "gpt2-124m": (12, 12, 768, 1024, 8, 50304)}


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x_BTC):
        b, t, c = x_BTC.shape
        q, k, v = (p.view(b, t, self.heads, -1).transpose(1, 2) for p in self.qkv(self.norm1(x_BTC)).split(c, -1))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x_BTC = x_BTC + self.out(mixed.transpose(1, 2).reshape(b, t, c))
        return x_BTC + self.down(F.gelu(self.up(self.norm2(x_BTC))))


class Decoder(nn.Module):
    def __init__(self, layers, heads, width, time_, vocabulary):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(time_, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, 0, 0.02)

    def forward(self, ids, targets):
        x = self.tokens(ids) + self.positions.weight
        for block in self.blocks:
            x = block(x)
        logits = F.linear(self.norm(x), self.tokens.weight)
        return F.cross_entropy(logits.view(-1, logits.size(-1)).float(), targets.view(-1))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--shape", default="m10", choices=SHAPES)
    arguments.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments.add_argument("--batch", type=int, default=0)
    arguments.add_argument("--steps", type=int, default=30)
    arguments.add_argument("--compile", action="store_true")
    a = arguments.parse_args()
    layers, heads, width, t, batch, vocabulary = SHAPES[a.shape]
    batch = a.batch or batch
    torch.manual_seed(1337)
    model = Decoder(layers, heads, width, t, vocabulary).to(a.device)
    run = torch.compile(model) if a.compile else model
    decayed = [p for p in model.parameters() if p.dim() > 1]
    rest = [p for p in model.parameters() if p.dim() <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}],
        lr=1e-3, betas=(0.9, 0.99), fused=True)
    ids = torch.randint(vocabulary, (batch, t + 1), device=a.device)
    times = []
    for step in range(10 + a.steps):
        begin = time.perf_counter()
        with torch.autocast(a.device, torch.bfloat16):
            loss = run(ids[:, :-1], ids[:, 1:])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        loss.item()
        if step >= 10:
            times.append(time.perf_counter() - begin)
    seconds = statistics.median(times)
    label = f"pytorch_step_{a.shape}_b{batch}_bf16" + ("_compiled" if a.compile else "")
    multiplying = sum(p.numel() for p in model.parameters()) - t * width
    flops = (6.0 * multiplying + 12.0 * layers * width * t) * batch * t / seconds
    print(json.dumps({"figure": label, "value": batch * t / seconds, "unit": "tok/s"}))
    print(json.dumps({"figure": label + "_flops", "value": flops / 1e12, "unit": "TFLOP/s"}))
    if a.device == "cuda":
        print(json.dumps({"figure": label + "_memory", "value": torch.cuda.max_memory_allocated() / 2**20, "unit": "MiB"}))


if __name__ == "__main__":
    main()
