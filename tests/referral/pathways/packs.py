"""A tiny legal order, for tests that ask about tracks and pages and not about law."""

from __future__ import annotations

from referral.pathways.law.content import signed
from referral.pathways.law.pack import Clock, Condition, Effect, Pack, Rule, Source, Step


def words(text: str) -> dict[str, str]:
    return {code: f"{text} ({code})" for code in ("en", "ar", "fr")}


def rule(id_: str, track: str, **more) -> Rule:
    facts = {
        "source": Source("Some treaty", "art. 1", "binding", "background", ""),
        "when": (),
        "why": words(f"Why {id_}"),
        "gives": words("It gives something"),
        "asks": words("It asks something"),
        "lasts": words("Some months"),
        "on_no": words("You may ask again"),
    }
    return Rule(id=id_, track=track, **{**facts, **more})


def when(**asked) -> tuple[Condition, ...]:
    return tuple(Condition(fact, tuple(answers.split())) for fact, answers in asked.items())


PACK = signed(
    Pack(
        id="international",
        title=words("A small law"),
        countries=(),
        includes=(),
        rules=(
            rule("help", "protection"),
            rule(
                "afraid", "refugee_status", when=when(outside_own_country="yes unknown"),
                effects=(Effect("return", "suspends", words("Nobody is sent back meanwhile")),),
                steps=(Step("adviser", words("Talk with an adviser")),),
                documents=(Step("letter", words("The letter that you got")),),
            ),
            rule(
                "time", "recovery_reflection", clock=Clock("rest", 30, True, "asked"),
                steps=(Step("asked", words("You ask for it")),),
            ),
            rule(
                "made-to", "defence", steps=(Step("lawyer", words("Talk with a lawyer")),),
            ),
            rule("tied", "humanitarian_residence", depends_on=("cooperation",)),
            rule("court", "justice_support", when=when(asks_for_justice="yes")),
        ),
        none_found={"compensation": words("Nothing is known here")},
        digest="",
    )
)  # fmt: skip
