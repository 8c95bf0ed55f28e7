"""Train a small causal language model on a release; a run that was killed goes on with exactly the next batch.

python examples/train.py dist/news/news-1.2.0 --out run
torchrun --nproc-per-node 2 examples/train.py org/news@1.2.0 --out run --workers 2

The same command again goes on from `run/checkpoint.pt`. docs/training.md says why it is written so.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import datasets
import pyarrow.compute as pc
import torch
import torch.distributed as dist
import xxhash
from datasets.distributed import split_dataset_by_node
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, linear, scaled_dot_product_attention
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

import corpus

PAD, END = 0, 1
SHAPING = """
split min_quality weight_by_duplicates buffer workers seed batch_size length vocabulary layers width heads learning_rate
"""
"""Options that a checkpoint holds for: another value would make other batches or another model."""
RANK, RANKS = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
DEVICE = f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if torch.cuda.is_available() else "cpu"


def train(options: argparse.Namespace) -> None:
    """Train until `--steps` or `--epochs` are done."""
    rows = documents(options, options.split)
    tokenizer_file, checkpoint_file = options.out / "tokenizer.json", options.out / "checkpoint.pt"
    if RANK == 0 and not checkpoint_file.exists():
        make_tokenizer(tokenizer_file, options, rows)
    if RANKS > 1:
        dist.barrier()
    tokenizer = open_tokenizer(tokenizer_file)
    torch.manual_seed(options.seed)
    model = GPT(options).to(DEVICE)
    optimizer = torch.optim.AdamW(model.parameters(), lr=options.learning_rate, betas=(0.9, 0.95))
    torch.manual_seed(options.seed + RANK)  # the same weights everywhere, but each rank drops out its own
    run = {name: getattr(options, name) for name in SHAPING.split()}
    run |= {"ranks": RANKS, "release": rows.info.description}  # dataset, version and digest
    checkpoint = Checkpoint(checkpoint_file, run, model, optimizer)
    place = checkpoint.load() or Place(0, 0, 0, [None] * max(options.workers, 1))
    ranks_model = DistributedDataParallel(model) if RANKS > 1 else model
    held_out = held_out_batches(options, tokenizer) if RANK == 0 and options.held_out else []

    def log(**fields: Any) -> None:
        with (options.out / f"log-{RANK}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(fields) + "\n")

    while place.step < options.steps and place.epoch < options.epochs:
        batches = batches_of(sequences(options, rows, tokenizer, place.epoch), options, place)
        while place.step < options.steps:
            batch = next(batches, None)
            tokens = batch.tokens if batch else torch.full((1, options.length + 1), PAD)
            loss = update(ranks_model, optimizer, tokens.to(DEVICE))
            if loss is None:  # no rank has a batch left
                if place.step == 0:
                    sys.exit(f"train.py: {options.release}: no rows to train on; see --min-quality")
                place = Place(place.step, place.epoch + 1, 0, [None] * len(place.readers))
                break
            place = place.behind(batch)
            digest = xxhash.xxh3_64_hexdigest(tokens.numpy().tobytes()) if batch else None
            log(step=place.step, epoch=place.epoch, loss=round(loss, 4), batch=digest)
            if held_out and place.step % options.evaluate_every == 0:
                log(step=place.step, held_out_loss=evaluate(model, held_out))
            if place.step % options.checkpoint_every == 0:
                checkpoint.save(place)
    checkpoint.save(place)


# --- Rows to batches ---


def documents(options: argparse.Namespace, split: str) -> datasets.IterableDataset:
    """The rows of a split that are good enough, with no more columns than training needs."""
    filters = None
    for signal, least in options.min_quality:
        good = pc.field("quality", signal) >= least
        filters = good if filters is None else filters & good
    columns = ["id", "text", "duplicates"]
    return corpus.load(options.release, split=split, streaming=True, columns=columns, filters=filters)


def sequences(
    options: argparse.Namespace, rows: datasets.IterableDataset, tokenizer: Tokenizer, epoch: int
) -> datasets.IterableDataset:
    """What this rank reads in an epoch, as sequences of `length` + 1 tokens.

    `shuffle` mixes files and `pack` mixes rows: the state of a dataset knows where in the output of a `map` it is, but
    not what is in the buffer of a `shuffle`.
    """
    if rows.num_shards < RANKS * options.workers:
        rows = rows.reshard()  # row groups instead of files
    stream = rows.shuffle(seed=options.seed, buffer_size=1, max_buffer_input_shards=1)
    how = {"tokenizer": tokenizer, "length": options.length, "weighted": options.weight_by_duplicates}
    how["order"] = f"{options.seed} {epoch}"
    stream = stream.map(pack, batched=True, batch_size=options.buffer, remove_columns=rows.column_names, fn_kwargs=how)
    if RANKS > 1:
        strategy = "shards" if rows.num_shards >= RANKS else "examples"
        stream = split_dataset_by_node(stream, RANK, RANKS, strategy)
    stream.set_epoch(epoch)
    return stream


def pack(
    rows: dict[str, list[Any]], *, tokenizer: Tokenizer, length: int, weighted: bool, order: str
) -> dict[str, list[list[int]]]:
    """Mix documents and cut them, one behind the other, into sequences that overlap by a token."""
    chosen = [row for row, n in enumerate(rows["duplicates"]) for _ in range(copies(n) if weighted else 1)]
    random.Random(f"{order} {rows['id'][0]}").shuffle(chosen)
    tokens = [END]
    for encoded in tokenizer.encode_batch([rows["text"][row] for row in chosen]):
        tokens += [*encoded.ids, END]
    cut = [tokens[start : start + length + 1] for start in range(0, len(tokens) - 1, length)]
    return {"tokens": [piece + [PAD] * (length + 1 - len(piece)) for piece in cut]}


def copies(duplicates: int) -> int:
    """How often an epoch shows a text that was found so many times: once, from 2 on twice, 4 thrice, 8 four times."""
    return min(1 + int(math.log2(duplicates)), 4)


class Batch(NamedTuple):
    """Sequences, the reader that they come from, and its state behind them. No sequences: its turn is over."""

    reader: int
    state: dict[str, Any] | None = None
    tokens: Any = None


class Place(NamedTuple):
    """How far a rank is: its readers' states, and whose turn is next."""

    step: int
    epoch: int
    turn: int
    readers: list[dict[str, Any] | None]

    def behind(self, batch: Batch | None) -> Place:
        """The place a step later."""
        if batch is None:
            return self._replace(step=self.step + 1)
        readers = [batch.state if reader == batch.reader else state for reader, state in enumerate(self.readers)]
        return Place(self.step + 1, self.epoch, (batch.reader + 1) % len(readers), readers)


class Reader(IterableDataset[Batch]):
    """What a worker of the DataLoader does: batches of its share of the stream, from a place on."""

    def __init__(self, stream: datasets.IterableDataset, batch_size: int, place: Place) -> None:
        self.stream, self.batch_size, self.place = stream, batch_size, place

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        reader = worker.id if worker else 0
        if reader < self.place.turn:  # The DataLoader begins with the first, which has had its turn.
            yield Batch(reader)
        if (state := self.place.readers[reader]) is not None:
            self.stream.load_state_dict(state)
        rows = iter(self.stream)
        while batch := [row["tokens"] for row in islice(rows, self.batch_size)]:
            yield Batch(reader, self.stream.state_dict(), torch.tensor(batch))


def batches_of(stream: datasets.IterableDataset, options: argparse.Namespace, place: Place) -> Iterator[Batch]:
    """The batches of a stream from a place on, of each reader in turn."""
    # With a generator of its own it takes no number from that of the model.
    loader: DataLoader[Batch] = DataLoader(
        Reader(stream, options.batch_size, place),
        batch_size=None,
        num_workers=options.workers,
        generator=torch.Generator(),
    )
    return (batch for batch in loader if batch.tokens is not None)


def make_tokenizer(file: Path, options: argparse.Namespace, rows: datasets.IterableDataset) -> None:
    """A byte-level BPE of the release itself, kept beside the checkpoint."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=options.vocabulary,
        special_tokens=["<|pad|>", "<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator((row["text"] for row in islice(rows, options.tokenizer_documents)), trainer)
    tokenizer.save(f"{file}.new")
    Path(f"{file}.new").replace(file)


def open_tokenizer(file: Path) -> Tokenizer:
    """To it, `<|end|>` in a text is text."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.encode_special_tokens = True
    return tokenizer


def held_out_batches(options: argparse.Namespace, tokenizer: Tokenizer) -> list[Tensor]:
    """The first sequences of the held-out split."""
    rows = documents(options, options.held_out)
    how = {"tokenizer": tokenizer, "length": options.length, "weighted": False, "order": "held out"}
    stream = rows.map(pack, batched=True, batch_size=100, remove_columns=rows.column_names, fn_kwargs=how)
    found = (row["tokens"] for row in islice(stream, options.held_out_sequences))
    return [torch.tensor(batch, device=DEVICE) for batch in iter(lambda: list(islice(found, options.batch_size)), [])]


# --- Batches to a model ---


class Block(nn.Module):
    """Causal attention, then a layer on each token, each added to what was."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attend, self.join = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.think = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width), nn.Dropout(0.1))

    def forward(self, x: Tensor) -> Tensor:
        rows, length, width = x.shape
        heads = self.attend(self.norm_1(x)).view(rows, length, 3, self.heads, width // self.heads)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        seen = scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.join(seen.transpose(1, 2).reshape(rows, length, width))
        return torch.add(x, self.think(self.norm_2(x)))


class GPT(nn.Module):
    """A decoder with learned positions; one table of tokens for what it reads and what it says."""

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__()
        self.tokens = nn.Embedding(options.vocabulary, options.width)
        self.places = nn.Embedding(options.length, options.width)
        self.blocks = nn.Sequential(*(Block(options.width, options.heads) for _ in range(options.layers)))
        self.norm = nn.LayerNorm(options.width)
        nn.init.normal_(self.tokens.weight, std=0.02)
        nn.init.normal_(self.places.weight, std=0.02)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.tokens(tokens) + self.places(torch.arange(tokens.shape[1], device=tokens.device))
        return linear(self.norm(self.blocks(x)), self.tokens.weight)


def loss_of(model: nn.Module, tokens: Tensor) -> Tensor:
    """Summed over all tokens but the first of each sequence."""
    logits = model(tokens[:, :-1])
    return cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), ignore_index=PAD, reduction="sum")


def update(model: nn.Module, optimizer: torch.optim.Optimizer, tokens: Tensor) -> float | None:
    """A step over the batches of all ranks; the loss of this one, or None where no rank has tokens."""
    count = (tokens[:, 1:] != PAD).sum()
    everywhere = count.clone()
    if RANKS > 1:
        dist.all_reduce(everywhere)
    if not everywhere:
        return None
    model.train()
    optimizer.zero_grad()
    loss = loss_of(model, tokens)
    (loss * RANKS / everywhere).backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return loss.item() / max(count.item(), 1)


@torch.no_grad()
def evaluate(model: nn.Module, batches: list[Tensor]) -> float:
    """Loss of a token that is held out, in nats."""
    model.eval()
    count = sum(int((tokens[:, 1:] != PAD).sum()) for tokens in batches)
    return round(sum(loss_of(model, tokens).item() for tokens in batches) / count, 4)


class Checkpoint(NamedTuple):
    """Model, optimizer, random numbers and places of all ranks, in a file that appears whole."""

    file: Path
    run: dict[str, Any]
    model: nn.Module
    optimizer: torch.optim.Optimizer

    def save(self, place: Place) -> None:
        """Rank 0 writes for all."""
        own = {"place": tuple(place), "random": torch.get_rng_state()}
        if torch.cuda.is_available():
            own["cuda"] = torch.cuda.get_rng_state(DEVICE)
        ranks = [own] * RANKS
        if RANKS > 1:
            dist.all_gather_object(ranks, own)
        if RANK > 0:
            return
        whole = {"run": self.run, "ranks": ranks, "model": self.model.state_dict()}
        new = self.file.with_suffix(".new")
        with new.open("wb") as file:
            torch.save(whole | {"optimizer": self.optimizer.state_dict()}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.file)

    def load(self) -> Place | None:
        """Where the run was, if it was anywhere."""
        if not self.file.exists():
            return None
        saved = torch.load(self.file, map_location=DEVICE, weights_only=True)
        for name, value in self.run.items():
            if saved["run"].get(name) != value:
                sys.exit(f"train.py: {self.file} is of a run with {name} {saved['run'].get(name)}, not {value}")
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        own = saved["ranks"][RANK]
        torch.set_rng_state(own["random"].cpu())
        if "cuda" in own:
            torch.cuda.set_rng_state(own["cuda"].cpu(), DEVICE)
        return Place(*own["place"])


def quality(text: str) -> tuple[str, float]:
    """`words=50` as a signal and its least value."""
    signal, _, least = text.partition("=")
    return signal, float(least)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("release", help="folder of a release, or a repo on the Hub and a version, org/name@1.2.0")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint, tokenizer and log")
    parser.add_argument("--split", default="train")
    parser.add_argument("--held-out", default="validation", metavar="SPLIT", help="'' for none")
    parser.add_argument("--min-quality", type=quality, action="append", default=[], metavar="SIGNAL=VALUE")
    parser.add_argument("--weight-by-duplicates", action="store_true", help="show a text more often that had copies")
    numbers = {"steps": 1000, "epochs": 1, "batch-size": 16, "length": 256, "buffer": 1000, "workers": 2, "seed": 1}
    numbers |= {"vocabulary": 8000, "tokenizer-documents": 10_000, "layers": 4, "width": 256, "heads": 4}
    numbers |= {"checkpoint-every": 100, "evaluate-every": 100, "held-out-sequences": 64}
    for name, default in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{default} by default")
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    datasets.logging.set_verbosity_error()  # It warns of what is lost of the buffer of a `shuffle`; ours holds no rows.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # the workers are what runs side by side
    if RANKS > 1:
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        train(options)
    except corpus.CorpusError as error:
        sys.exit(f"train.py: {error}")
    finally:
        if RANKS > 1:
            dist.destroy_process_group()


if __name__ == "__main__":
    main()
