"""The contenders. Those of Rasa are trained by Rasa and asked as its server does, so that its overhead counts alike."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from nlu.bench.bm25 import Bm25
from nlu.bench.measures import Answer
from nlu.examples import Example
from nlu.fingerprint import ROOT

FALLBACK = "nlu_fallback"  # Rasa's marker for doubt in a ranking; no contender was taught it
NEEDED = (
    "rasa.engine.recipes.default_components", "rasa.model_training", "nlu.components.classifier", "nlu.importer",
)  # fmt: skip
_FEATURES: list[dict[str, Any]] = [
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]


@dataclass(frozen=True)
class Run:
    """What came out: answers to the test's messages in their order, and what it took.

    `seconds` of training, `milliseconds` a message, `megabytes` of the model on disk (BM25: in memory).
    """

    answers: Sequence[Answer]
    seconds: float
    milliseconds: float
    megabytes: float


def diet(epochs: int) -> list[dict[str, Any]]:
    """Rasa's default recipe (`rasa/engine/recipes/config_files/default_config.yml`) with another number of epochs.

    Left out are the steps for synonyms and retrieval intents, which no data set here has.
    """
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        *_FEATURES,
        {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "random_seed": 0},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ]


def logistic_regression() -> list[dict[str, Any]]:
    """Rasa's LogisticRegressionClassifier on the features of the default recipe."""
    return [{"name": "WhitespaceTokenizer"}, *_FEATURES, {"name": "LogisticRegressionClassifier", "random_state": 0}]


def ours() -> list[dict[str, Any]]:
    """The pipeline of the project's config.yml."""
    pipeline: list[dict[str, Any]] = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return pipeline


def run_bm25(documents: Sequence[Example], test: Sequence[Example]) -> Run:
    """Index `documents` and look up `test`, in words as our reader makes them."""
    from nlu.components.reader import normal_words

    started = time.perf_counter()
    index = Bm25(documents, normal_words)
    trained = time.perf_counter()
    answers = [index(message) for message in test]
    return _run(answers, started, trained, time.perf_counter(), index.size)


def run_rasa(pipeline: list[dict[str, Any]], train: Sequence[Example], test: Sequence[Example]) -> Run:
    """Train a model with `pipeline` on `train`, load it, and let it parse `test`."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder, pipeline, train)
        _import_everything()
        started = time.perf_counter()
        model = _train(folder)
        trained = time.perf_counter()
        answers, seconds = asyncio.run(_parse(model, test))
        return _run(answers, started, trained, trained + seconds, model.stat().st_size)


def write_project(folder: Path, pipeline: list[dict[str, Any]], examples: Sequence[Example]) -> None:
    """Make `folder` what `nlu.importer.CatalogueImporter` reads: config.yml and nlu/data/<language>/<file>.yml."""
    config = {"recipe": "default.v1", "assistant_id": "bench", "language": "en", "pipeline": pipeline, "policies": []}
    importers = [{"name": "nlu.importer.CatalogueImporter"}]
    (folder / "config.yml").write_text(yaml.safe_dump({**config, "importers": importers}), encoding="utf-8")
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        lines[example.language][example.label].append(f"- {' '.join(example.text.split())}")
    for language, labels in lines.items():
        path = folder / "nlu" / "data" / language / "examples.yml"
        path.parent.mkdir(parents=True)
        blocks = [{"intent": label, "examples": "\n".join(texts)} for label, texts in labels.items()]
        path.write_text(yaml.safe_dump({"nlu": blocks}, allow_unicode=True, width=10**6), encoding="utf-8")


def _import_everything() -> None:
    """Load what the contenders need: the seconds that takes are nobody's training."""
    for module in NEEDED:
        import_module(module)


def _train(folder: Path) -> Path:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        from rasa.model_training import train_nlu
        from rasa.utils.common import configure_logging_and_warnings
        from rasa.utils.log_utils import configure_structlog

        configure_logging_and_warnings(log_level=logging.ERROR)
        configure_structlog(logging.ERROR)
        path = train_nlu(str(folder / "config.yml"), str(folder / "nlu"), str(folder), fixed_model_name="model")
    if not path:
        raise RuntimeError(f"Rasa trained no model:\n{said.getvalue()}")
    return Path(path)


async def _parse(model: Path, test: Sequence[Example]) -> tuple[list[Answer], float]:
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    processor: Any = Agent.load(str(model)).processor
    messages = [UserMessage(message.text, metadata={"language": message.language}) for message in test]
    await processor.parse_message(messages[0])  # what is built at the first message is not part of the others' time
    started = time.perf_counter()
    parsed = [await processor.parse_message(message) for message in messages]
    seconds = time.perf_counter() - started
    return [_answer(message, found) for message, found in zip(test, parsed, strict=True)], seconds


def _answer(message: Example, parsed: dict[str, Any]) -> Answer:
    guesses = [(guess["name"], float(guess["confidence"])) for guess in parsed["intent_ranking"]]
    return Answer(message.label, message.language, tuple(guess for guess in guesses if guess[0] != FALLBACK))


def _run(answers: Sequence[Answer], started: float, trained: float, ended: float, size: int) -> Run:
    each = 1000 * (ended - trained) / max(1, len(answers))
    return Run(answers, trained - started, each, size / 1e6)
