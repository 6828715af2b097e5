"""The table of states as a person reads it: a Mermaid diagram, and a table of its steps."""

from collections.abc import Iterator

from reviews.workflow import FIRST, STEPS, State, Step

BEGIN = "<!-- drawn by `manage.py draw_workflow`; do not edit -->"
END = "<!-- end of what is drawn -->"


def drawn() -> str:
    """The diagram and the table, as Markdown between the marks BEGIN and END."""
    return "\n".join([BEGIN, "", "```mermaid", *_diagram(), "```", "", *_table(), "", END])


def redrawn(document: str) -> str:
    """A Markdown document with what is drawn in it drawn anew. Raises ValueError without the marks."""
    before, _, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"It has no place for the diagram: a line {BEGIN} and a later line {END}.")
    return before + drawn() + after


def _diagram() -> Iterator[str]:
    """One arrow for each two states and step; undoings are left to the table."""
    yield "stateDiagram-v2"
    for state in State:
        yield f"    {state} : {state.label}"
    for state in _in_order(FIRST):
        yield f"    [*] --> {state}"
    for step in STEPS:
        if not step.takes_back:
            for before in _in_order(step.before):
                yield f"    {before} --> {step.after} : {step.name}"


def _table() -> Iterator[str]:
    yield "| from | step | to | who |"
    yield "| --- | --- | --- | --- |"
    for step in STEPS:
        before = ", ".join(state.label.lower() for state in _in_order(step.before))
        yield f"| {before} | {step.name} | {_after(step)} | {step.who} |"


def _after(step: Step) -> str:
    return f"{step.after.label.lower()}{', next round' if step.begins_round else ''}"


def _in_order(states: frozenset[State]) -> list[State]:
    return [state for state in State if state in states]
